import { openDatabase } from '@trueup/persistence';
import { startedPostgres, wallFaults } from '@trueup/testing';
import { expect, it } from 'vitest';
import { ledgerSchema } from './ledger-schema.js';

it("keeps a wall before every table of a connector's ledger that holds rows of tenants", async () => {
  const { url, workerUrl } = await startedPostgres();
  const schemas = [ledgerSchema('autotask')];
  const database = await openDatabase({ url: workerUrl, ownerUrl: url, applicationName: 'spec', schemas });
  await database.destroy();

  expect(await wallFaults(url, 'connector_autotask')).toEqual([]);
});
