import type { StoreSchema } from '@trueup/persistence';
import { CreateBillingTables1795392100000 } from './migrations/create-billing-tables.js';

/** Everything that `openDatabase` needs to bring the schema `billing` up to date. */
export const billingSchema: StoreSchema = {
  name: 'billing',
  migrations: [CreateBillingTables1795392100000],
};
