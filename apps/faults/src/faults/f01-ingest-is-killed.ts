import { shuffled, wholeBelow } from '@trueup/testing/product';
import { setTimeout as wait } from 'node:timers/promises';
import { asBefore, diesAt } from '../crashes/dies-at.js';
import { whileEventsFlow } from '../crashes/while-events-flow.js';
import type { Fault, FaultRun } from '../fault.js';

const RANDOM_KILLS = 2;
const LATEST_KILL_MS = 200;
const POINTS = ['ingest.before-publish', 'ingest.before-answer'];

/** Killed at random while requests are under way, and at both sides of the acknowledgement. */
export const f01IngestIsKilled: Fault = {
  id: 'F1',
  title: 'ingest is killed in mid-batch',
  mustHold: 'every event that was answered 2xx counts once; one that was not is repeated by its sender and counts once',
  inject: (run) =>
    whileEventsFlow(
      run,
      async () => {
        for (let kill = 0; kill < RANDOM_KILLS; kill++) await killAtRandom(run);
        for (const point of shuffled(run.random, POINTS)) {
          const order = `${point}@${1 + wholeBelow(run.random, 4)}`;
          run.claim(`ingest died at ${order}`, await diesAt(run, 'ingest', order));
        }
        await asBefore(run, 'ingest');
        run.figure('kills', RANDOM_KILLS + POINTS.length);
        run.figure('unanswered', run.main.load.answers.get(0) ?? 0);
      },
      20,
    ),
};

async function killAtRandom({ runtime, random }: FaultRun): Promise<void> {
  await wait(random() * LATEST_KILL_MS);
  await runtime.kill('ingest');
  await runtime.restart('ingest');
}
