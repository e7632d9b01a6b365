import { asBefore, diesAt } from '../crashes/dies-at.js';
import { turnOf } from '../crashes/turns.js';
import { whileEventsFlow } from '../crashes/while-events-flow.js';
import type { Fault } from '../fault.js';
import { wholeBelow } from '../load/seeded-random.js';

const POINTS = [
  'connector.after-send',
  'connector.accept.before-commit',
  'connector.after-intent',
  'connector.accept.after-commit',
  'connector.before-intent',
  'connector.before-outcome',
  'connector.after-record',
  'connector.before-confirm',
  'connector.accept.before-work',
];
const POINTS_PER_SEED = 3;

/** Three crash points per seed in turn: three seeds come to all of them. */
export const f03ConnectorIsKilled: Fault = {
  id: 'F3',
  title: 'the connector is killed at every step between a change and its outcome',
  mustHold: 'each intent has one effect in the PSA; what is in doubt is settled by looking',
  inject: (run) =>
    whileEventsFlow(run, async () => {
      for (const point of turnOf(run.seed, POINTS, POINTS_PER_SEED)) {
        const order = `${point}@${1 + wholeBelow(run.random, 3)}`;
        run.claim(`the connector died at ${order}`, await diesAt(run, 'connector-autotask', order));
      }
      await asBefore(run, 'connector-autotask');
      run.figure('kills', POINTS_PER_SEED);
    }),
};
