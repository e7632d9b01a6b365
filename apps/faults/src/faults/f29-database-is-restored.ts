import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { REPOSITORY } from '@trueup/testing/product';
import type { Fault, FaultRun } from '../fault.js';
import { BaseBackup } from '../infra/base-backup.js';
import { untilCaughtUp } from '../infra/caught-up.js';
import { forgottenWrites } from '../infra/forgotten-writes.js';
import { postgresFolder } from '../infra/postgres.js';
import { takeDown } from '../infra/take-down.js';

const run = promisify(execFile);
const SERVICES = ['ingest', 'billing-projector', 'change-control', 'connector-autotask', 'api'];
const BEFORE = 40;
const FORGOTTEN = 60;
const AFTER = 30;

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
    const effectsBefore = await main.msp.sandbox.lastSeq();
    await main.load.send(FORGOTTEN, { batch: 3 });
    await untilCaughtUp(faulted);
    const forgotten = await forgottenWrites(runtime);
    const since = await main.msp.sandbox.lastSeq();
    faulted.figure('forgotten_effects', since - effectsBefore);

    await Promise.all(SERVICES.map((service) => takeDown(runtime, service)));
    await backup.restore();
    await afterRestore(faulted);
    await Promise.all(SERVICES.map((service) => runtime.restart(service)));
    await untilCaughtUp(faulted);
    faulted.figure('effects_by_replay', (await main.msp.sandbox.effects(since)).length);
    await main.load.send(AFTER, { batch: 3 });
    await untilCaughtUp(faulted);
    await forgotten.tellAgain();
  },
};

/** The step of the runbook between the restored database and the services. */
async function afterRestore({ runtime, figure }: FaultRun): Promise<void> {
  const { databaseUrl, kafkaBrokers } = runtime.endpoints;
  const program = join(REPOSITORY, 'apps/api/dist/after-restore-main.js');
  const env = { ...process.env, TRUEUP_DATABASE_URL: databaseUrl, TRUEUP_KAFKA_BROKERS: kafkaBrokers };
  const from = performance.now();
  await run(process.execPath, [program], { env });
  figure('after_restore_s', (performance.now() - from) / 1000);
}
