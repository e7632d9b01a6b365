import { openDatabase } from '@trueup/persistence';
import { startedPostgres } from '@trueup/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connector } from '../connector/connector.js';
import { ledgerSchema, ledgerSchemaName } from '../ledger/ledger-schema.js';
import { PostgresLedger } from '../ledger/postgres-ledger.js';
import { Bench } from '../testing/bench.js';
import { PACE } from '../testing/ledger-under-test.js';
import { scriptedConnector, scriptedManifest } from '../testing/scripted-connector.js';
import { ScriptedPsa } from '../testing/scripted-psa.js';

const ACCOUNTS = 6;
const LINES = 30;
const psa = new ScriptedPsa();
let database: DataSource;
let replicas: Bench[];

beforeAll(async () => {
  const [{ url }, baseUrl] = await Promise.all([startedPostgres(), psa.start()]);
  database = await openDatabase({ url, applicationName: 'spec', schemas: [ledgerSchema('scripted')] });
  const ledger = new PostgresLedger(database, ledgerSchemaName('scripted'), PACE);
  const parts = { ledger, connector: scriptedConnector as Connector, manifest: scriptedManifest, baseUrl, secrets: { key: 'k' } };
  replicas = [new Bench(parts), new Bench(parts), new Bench(parts)];
});
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.stop()));
  await psa.stop();
  await database.destroy();
});

describe('replicas that share a ledger', () => {
  it('write every line exactly once per target, whoever comes first', async () => {
    const [first] = replicas as [Bench];
    for (let version = 1; version <= 3; version++) {
      for (let line = 0; line < LINES; line++) {
        const key = `al_${line}`;
        const account = { billingIdentifier: `acc-${line % ACCOUNTS}` };
        await first.accept(
          first.change(version, String(version * 2), {
            agreementLineKey: key,
            account,
            product: { ref: `line-${line}`, sku: 'S' },
          }),
        );
      }
      for (const replica of replicas) replica.now = first.now;
      await Promise.all(replicas.map((replica) => replica.run()));
      await first.run();
    }
    const perLine = Map.groupBy(psa.effects, (effect) => effect.id);
    expect(perLine.size).toBe(LINES);
    for (const effects of perLine.values()) expect(effects.map((effect) => effect.delta)).toEqual(['2', '2', '2']);
    expect(new Set(replicas.map((replica) => replica.owner)).size).toBe(3);
  });
});
