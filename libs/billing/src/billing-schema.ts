import type { StoreSchema } from '@trueup/persistence';
import { CreateBillingTables1795392100000 } from './migrations/create-billing-tables.js';
import { CountEvents1795413000000 } from './migrations/count-events.js';
import { ContinueCounts1795413600000 } from './migrations/continue-counts.js';
import { CountFromIndex1795394000000 } from './migrations/count-from-index.js';
import { ClosePeriods1795402800000 } from './migrations/close-periods.js';
import { DecideAboutQuarantine1795410000000 } from './migrations/decide-about-quarantine.js';
import { KeepDocumentsAsWritten1795394600000 } from './migrations/keep-documents-as-written.js';

/** Everything that `openDatabase` needs to bring the schema `billing` up to date. */
export const billingSchema: StoreSchema = {
  name: 'billing',
  migrations: [
    CreateBillingTables1795392100000,
    CountFromIndex1795394000000,
    KeepDocumentsAsWritten1795394600000,
    ClosePeriods1795402800000,
    DecideAboutQuarantine1795410000000,
    CountEvents1795413000000,
    ContinueCounts1795413600000,
  ],
};
