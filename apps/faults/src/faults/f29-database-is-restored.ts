import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ask, REPOSITORY, until } from '@trueup/testing/product';
import type { Fault, FaultRun } from '../fault.js';
import { BaseBackup } from '../infra/base-backup.js';
import { untilCaughtUp } from '../infra/caught-up.js';
import { forgottenWrites } from '../infra/forgotten-writes.js';
import { postgresFolder } from '../infra/postgres.js';
import { takeDown } from '../infra/take-down.js';

const run = promisify(execFile);
const BEFORE = 40;
const FORGOTTEN = 60;
const AFTER = 30;
const FOR_A_PERSON = new Set(['held', 'conflict']);

/** The database is restored to a moment before the newest writes: it knows neither what it sent nor what it read since. */
export const f29DatabaseIsRestored: Fault = {
  id: 'F29',
  title: 'PostgreSQL is restored to a copy of earlier, while Kafka and the PSA went on',
  mustHold: 'nothing that the PSA holds already is sent again, and what came after the copy counts',
  needs: { isSpent: true },
  async inject(faulted) {
    const { runtime, main } = faulted;
    await main.load.send(BEFORE);
    await untilCaughtUp(faulted);
    const backup = await BaseBackup.of(runtime, await postgresFolder(runtime));
    const copiedAt = await main.msp.sandbox.lastSeq();
    await main.load.send(FORGOTTEN, { batch: 3 });
    await untilCaughtUp(faulted);
    const forgotten = await forgottenWrites(runtime);
    const since = await main.msp.sandbox.lastSeq();
    faulted.figure('forgotten_effects', await effectsOf(faulted, copiedAt));

    const services = (await runtime.status()).processes.filter(({ service }) => service !== 'psa-sandbox');
    await Promise.all(services.map(({ service, replica }) => takeDown(runtime, service, replica)));
    await backup.restore();
    await afterRestore(faulted);
    const isDoor = ({ service }: { service: string }): boolean => service === 'ingest';
    await Promise.all(services.filter((one) => !isDoor(one)).map(({ service, replica }) => runtime.restart(service, replica)));
    await untilReplayed(faulted);
    const again = await effectsOf(faulted, since);
    faulted.figure('effects_by_replay', again);
    faulted.claim('nothing that the PSA held already was sent again', again === 0);
    await Promise.all(services.filter(isDoor).map(({ service, replica }) => runtime.restart(service, replica)));
    await main.load.send(AFTER, { batch: 3 });
    await untilCaughtUp(faulted);
    await forgotten.tellAgain();
  },
  /** Versions are given again, by design; and of the neighbour writes were on their way when the copy was made: those lines wait for a person. */
  excuses: ({ kind, what }) => kind === 'reordered' || (kind !== 'lost' && kind !== 'leaked' && what.startsWith('neighbour:')),
  async afterwards({ neighbour, parks }) {
    const lines = await neighbour.msp.lines();
    parks(lines.filter(({ deliveries }) => deliveries.some(({ state }) => FOR_A_PERSON.has(state))).length);
  },
};

/** Changes in the PSA for the customers of `main` after a point of its ledger. */
async function effectsOf({ main: { msp, scene } }: FaultRun, since: number): Promise<number> {
  const contracts = new Set(scene.customers.map(({ companyId }) => companyId));
  return (await msp.sandbox.effects(since)).filter(({ body }) => contracts.has(body.contractID ?? 0)).length;
}

/** New events wait at the door until those since the copy are applied again and every line has come to rest. */
async function untilReplayed({ runtime, main }: FaultRun): Promise<void> {
  const hasReplayed = async (): Promise<boolean> => {
    const [stored] = await ask<{ count: string }>(runtime, 'select count(*) from billing.event where tenant_id = $1', [
      main.msp.tenantId,
    ]);
    const [waiting] = await ask<{ count: string }>(
      runtime,
      `select count(*) from control.agreement_line where state = 'pending' and tenant_id = $1`,
      [main.msp.tenantId],
    );
    return Number(stored!.count) >= main.load.acknowledged.length && waiting!.count === '0';
  };
  const hasReplayedTwice = async (): Promise<boolean> => (await hasReplayed()) && wait(3_000).then(hasReplayed);
  if (!(await until(hasReplayedTwice, 240_000))) throw new Error('the events since the copy were never applied again');
}

/** The step of the runbook between the restored database and the services. */
async function afterRestore({ runtime, figure }: FaultRun): Promise<void> {
  const { databaseUrl, kafkaBrokers } = runtime.endpoints;
  const program = join(REPOSITORY, 'apps/api/dist/after-restore-main.js');
  const env = { ...process.env, TRUEUP_DATABASE_URL: databaseUrl, TRUEUP_KAFKA_BROKERS: kafkaBrokers };
  const from = performance.now();
  await run(process.execPath, [program], { env });
  figure('after_restore_s', (performance.now() - from) / 1000);
}
