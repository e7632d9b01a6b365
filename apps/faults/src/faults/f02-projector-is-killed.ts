import { wholeBelow } from '@trueup/testing/product';
import { setTimeout as wait } from 'node:timers/promises';
import { asBefore, diesAt } from '../crashes/dies-at.js';
import { turnOf } from '../crashes/turns.js';
import { whileEventsFlow } from '../crashes/while-events-flow.js';
import type { Fault, FaultRun } from '../fault.js';

const POINTS = ['projector.before-commit', 'projector.after-commit', 'projector.before-work', 'anywhere'];
const LATEST_KILL_MS = 2_000;
const SERVICE = 'billing-projector';

/** One place per seed in turn, since a dead member holds up its group for a whole session. */
export const f02ProjectorIsKilled: Fault = {
  id: 'F2',
  title: 'the projector is killed before and after its commit, and at random',
  mustHold: 'the snapshot equals the model: what was committed is not applied again, what was not is',
  inject: (run) =>
    whileEventsFlow(run, async () => {
      const [point] = turnOf(run.seed, POINTS) as [string];
      if (point === 'anywhere') await killAnywhere(run);
      else await killAt(run, `${point}@${1 + wholeBelow(run.random, 5)}`);
      await asBefore(run, SERVICE);
    }),
};

async function killAt(run: FaultRun, order: string): Promise<void> {
  run.claim(`the projector died at ${order}`, await diesAt(run, SERVICE, order));
}

async function killAnywhere({ runtime, random }: FaultRun): Promise<void> {
  await wait(random() * LATEST_KILL_MS);
  await runtime.kill(SERVICE);
}
