import { openDatabase } from '@trueup/persistence';
import { startedPostgres, wallFaults } from '@trueup/testing';
import { expect, it } from 'vitest';
import { controlSchema } from './control-schema.js';

it('keeps a wall before every table of the schema control that holds rows of tenants', async () => {
  const { url, workerUrl } = await startedPostgres();
  const database = await openDatabase({ url: workerUrl, ownerUrl: url, applicationName: 'spec', schemas: [controlSchema] });
  await database.destroy();

  expect(await wallFaults(url, 'control')).toEqual([]);
});
