import { until } from '@trueup/testing/product';
import { setTimeout as wait } from 'node:timers/promises';
import { asBefore } from '../crashes/dies-at.js';
import { logFromNow } from '../crashes/log-lines.js';
import { goesOn, standsStillAt } from '../crashes/stands-still-at.js';
import { turnOf } from '../crashes/turns.js';
import { endsOf, hasCome, type Reader } from '../crashes/watermarks.js';
import { whileEventsFlow } from '../crashes/while-events-flow.js';
import type { Fault } from '../fault.js';

/** Where a replica stands still: with what it has read and decided, before it acts on it; or in the middle of a transaction that holds locks. */
const PLACES: readonly { service: Reader; point: string }[] = [
  { service: 'billing-projector', point: 'projector.before-work' },
  { service: 'change-control', point: 'change-control.targets.before-work' },
  { service: 'connector-autotask', point: 'connector.after-intent' },
  { service: 'billing-projector', point: 'projector.before-commit' },
  { service: 'change-control', point: 'change-control.outcomes.before-work' },
  { service: 'connector-autotask', point: 'connector.accept.before-work' },
  { service: 'change-control', point: 'change-control.targets.before-commit' },
  { service: 'connector-autotask', point: 'connector.before-outcome' },
];
// The session lasts 10 s and the lease 6 s; a transaction that nobody ends is ended by the database after 30 s.
const LONGER_THAN_SESSION_MS = 18_000;
const OTHERS_GO_ON_WITHIN_MS = 60_000;
/** What it was about to do is refused a moment after it wakes up. */
const WORDS_WITHIN_MS = 10_000;
const FENCED =
  /WatermarkMoved|no longer \d+|taken over by another replica|idle-in-transaction|not aware of this member|ILLEGAL_GENERATION|rebalancing/;

/** Another place per seed. The zombie wakes up after others have done its work. */
export const f05Zombie: Fault = {
  id: 'F5',
  title: 'a replica stands still for longer than its session and its lease, then goes on',
  mustHold: 'the others go on without it, and what it still wants to do is refused',
  needs: { replicas: { 'billing-projector': 2, 'change-control': 2, 'connector-autotask': 2 } },
  inject: (run) =>
    whileEventsFlow(run, async () => {
      const [{ service, point }] = turnOf(run.seed, PLACES) as [(typeof PLACES)[0]];
      const log = logFromNow(run.runtime, service);
      run.claim(`${service}/0 stood still at ${point}`, await standsStillAt(run, service, point));
      const began = performance.now();
      const written = await endsOf(run, service);
      const isGoneOn = await until(() => hasCome(run, service, written), OTHERS_GO_ON_WITHIN_MS);
      run.claim(`the other replica of ${service} went on`, isGoneOn);
      run.figure('stall_s', Math.round((performance.now() - began) / 1000));
      await wait(Math.max(0, LONGER_THAN_SESSION_MS - (performance.now() - began)));
      run.claim(`${service}/0 became ready again`, await goesOn(run, service));
      await until(() => Promise.resolve(log.count(FENCED) > 0), WORDS_WITHIN_MS);
      run.figure('fenced', log.count(FENCED));
      run.claim('what the zombie wanted to do was refused', log.count(FENCED) > 0);
      await asBefore(run, service);
    }),
};
