import { wholeBelow } from '@trueup/testing/product';
import { asBefore, diesAt } from '../crashes/dies-at.js';
import { turnOf } from '../crashes/turns.js';
import { whileEventsFlow } from '../crashes/while-events-flow.js';
import type { Fault } from '../fault.js';

/** The most dangerous ones first, so that the first seeds come to them. */
const POINTS = [
  'connector.after-send',
  'connector.after-intent',
  'connector.before-outcome',
  'connector.after-record',
  'connector.before-confirm',
  'connector.accept.before-commit',
  'connector.accept.after-commit',
  'connector.before-intent',
  'connector.accept.before-work',
];

/** One crash point per seed in turn. */
export const f03ConnectorIsKilled: Fault = {
  id: 'F3',
  title: 'the connector is killed at every step between a change and its outcome',
  mustHold: 'each intent has one effect in the PSA; what is in doubt is settled by looking',
  inject: (run) =>
    whileEventsFlow(run, async () => {
      const [point] = turnOf(run.seed, POINTS);
      const order = `${point}@${1 + wholeBelow(run.random, 3)}`;
      run.claim(`the connector died at ${order}`, await diesAt(run, 'connector-autotask', order));
      await asBefore(run, 'connector-autotask');
    }),
};
