import { setTimeout as wait } from 'node:timers/promises';
import type { Fault, FaultRun } from '../fault.js';
import { claimPoliteRefusals, gapOf, takesNothing } from '../infra/gap.js';
import type { BatchAnswer } from '../load/post-batch.js';
import { postgresFolder, promoteAtNextStart, timelineOf } from '../infra/postgres.js';

const BURST = 12;

/** How long the database is away each time; a long lane asks for 60. */
const awayMs = (run: FaultRun): number => Number(process.env['FAULTS_AWAY_SECONDS'] ?? 0.5 + run.random()) * 1000;

/** The database dies, restarts in good order, and comes back as another one that has everything. */
export const f08DatabaseIsKilled: Fault = {
  id: 'F8',
  title: 'PostgreSQL is killed, restarted, and replaced by a promoted copy (new timeline)',
  mustHold: 'nothing is set aside because of it, and no service needs a hand to go on',
  async inject(run) {
    const { runtime, main } = run;
    const folder = await postgresFolder(runtime);
    const timeline = await timelineOf(runtime);
    const refusals: BatchAnswer[] = [];
    const outage = async (name: string, takeAway: () => Promise<void>): Promise<void> => {
      refusals.push(...(await gapWithout(run, name, takeAway)));
    };
    await outage('killed', async () => {
      await runtime.kill('postgres');
      await wait(awayMs(run));
    });
    await outage('restarted', async () => undefined);
    await outage('promoted', async () => {
      await runtime.kill('postgres');
      await promoteAtNextStart(folder);
    });
    run.claim('the last database writes a history of its own', (await timelineOf(runtime)) > timeline);
    claimPoliteRefusals(run, refusals);
    await main.load.send(BURST);
  },
  async afterwards({ runtime, main, claim }) {
    const { data } = await main.msp.api<{ data: unknown[] }>('GET', '/quarantine');
    claim('nothing was set aside', data.length === 0);
    const { processes } = await runtime.status();
    claim(
      'every service runs without having been restarted by hand',
      processes.every(({ state }) => state === 'running'),
    );
  },
};

/** Takes the database away while a sender goes on, and brings it back. */
async function gapWithout(run: FaultRun, name: string, takeAway: () => Promise<void>): Promise<readonly BatchAnswer[]> {
  const { runtime, main } = run;
  await main.load.send(BURST);
  const isBack = takeAway().then(() => runtime.restart('postgres'));
  isBack.catch(() => undefined); // whoever waits for it below hears of the failure
  const gap = await gapOf(main.load, BURST);
  await isBack;
  run.figure(`${name}_gap_s`, gap.seconds);
  run.claim(`while it was ${name}, nothing was half taken`, gap.refusals.every(takesNothing));
  return gap.refusals;
}
