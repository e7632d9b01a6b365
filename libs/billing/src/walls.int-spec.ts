import { openDatabase } from '@trueup/persistence';
import { startedPostgres, wallFaults } from '@trueup/testing';
import { expect, it } from 'vitest';
import { billingSchema } from './billing-schema.js';

it('keeps a wall before every table of the schema billing that holds rows of tenants', async () => {
  const { url, workerUrl } = await startedPostgres();
  const database = await openDatabase({ url: workerUrl, ownerUrl: url, applicationName: 'spec', schemas: [billingSchema] });
  await database.destroy();

  expect(await wallFaults(url, 'billing')).toEqual([]);
});
