import { setTimeout as wait } from 'node:timers/promises';
import { asBefore, diesAt } from '../crashes/dies-at.js';
import { turnOf } from '../crashes/turns.js';
import { whileEventsFlow } from '../crashes/while-events-flow.js';
import type { Fault } from '../fault.js';
import { wholeBelow } from '../load/seeded-random.js';

const POINTS = ['projector.before-commit', 'projector.after-commit', 'projector.before-work'];
const LATEST_KILL_MS = 1_500;

/** One crash point per seed in turn, since a dead member holds up its group for a session; then a kill at random. */
export const f02ProjectorIsKilled: Fault = {
  id: 'F2',
  title: 'the projector is killed before and after its commit, and at random',
  mustHold: 'the snapshot equals the model: what was committed is not applied again, what was not is',
  inject: (run) =>
    whileEventsFlow(run, async () => {
      const [point] = turnOf(run.seed, POINTS);
      const order = `${point}@${1 + wholeBelow(run.random, 5)}`;
      run.claim(`the projector died at ${order}`, await diesAt(run, 'billing-projector', order));
      await wait(run.random() * LATEST_KILL_MS);
      await run.runtime.kill('billing-projector');
      await asBefore(run, 'billing-projector');
      run.figure('kills', 2);
    }),
};
