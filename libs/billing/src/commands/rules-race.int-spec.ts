import { inTransaction } from '@trueup/persistence';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectEvents } from '../projection/project-events.js';
import { assigned, NOW, originOf, sentTargets, startedBilling } from '../projection/projection.fixture.js';
import { toEventRow } from '../projection/event-row.js';
import { putCatalogueRows } from '../settings/catalogue.js';
import { passCommands } from './pass-commands.js';

let database: DataSource;
beforeAll(async () => {
  database = await startedBilling();
});
afterAll(() => database.destroy());

it('a seat whose batch is under way while its service gets its sku is billed', async () => {
  const tenantId = 'ten_rules_race';
  const event = assigned('seat', '2026-03-05T09:00:00Z', 'C1', 'ann', { sku: undefined });
  const [decided, mayCommit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const batch = inTransaction(database, async (tx) => {
    await projectEvents(tx, [toEventRow({ tenantId, event, recordedAt: NOW.toISOString() }, originOf())], NOW);
    decided.resolve();
    await mayCommit.promise;
  });
  await decided.promise;
  const row = { planCode: null, sku: 'SKU-LATE', validFrom: '2026-01-01' };
  await inTransaction(database, (tx) => putCatalogueRows(tx, { tenantId, serviceCode: 's', rows: [row], savedAt: NOW }));
  const pass = passCommands(database, () => NOW);
  // Time enough for a pass that does not wait to look, and to find nobody.
  await Promise.race([pass, new Promise((resolve) => setTimeout(resolve, 500))]);
  mayCommit.resolve();
  await Promise.all([batch, pass]);
  expect((await sentTargets(database, tenantId)).map(({ sku }) => sku)).toEqual(['SKU-LATE']);
});
