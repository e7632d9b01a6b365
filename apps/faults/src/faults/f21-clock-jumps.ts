import { assigned, oneOf, removed, SERVICE, shuffled } from '@trueup/testing/product';
import type { Fault, FaultRun } from '../fault.js';
import { jumpClock } from '../infra/clock-of.js';
import { postBatch } from '../load/post-batch.js';

const HOUR_MS = 3_600_000;
const BURST = 15;
const AHEAD_MS = 48 * HOUR_MS;
const BEHIND_MS = -2 * HOUR_MS;
const SERVICES = ['api', 'ingest', 'billing-projector', 'change-control', 'connector-autotask'];

/** One process after the other lives in another time; then producers do. */
export const f21ClockJumps: Fault = {
  id: 'F21',
  title: 'the clock of one service jumps two days ahead and two hours back; producers live ahead and behind',
  mustHold: 'figures come out as with right clocks; what claims to lie ahead is refused, what comes late is taken',
  async inject(run) {
    for (const service of shuffled(run.random, SERVICES)) {
      for (const byMs of shuffled(run.random, [AHEAD_MS, BEHIND_MS])) await liveWith(run, service, byMs);
    }
    await producersAhead(run);
    await producersBehind(run);
  },
};

async function liveWith(run: FaultRun, service: string, byMs: number): Promise<void> {
  const { load } = run.main;
  const clock = await jumpClock(run.runtime, service, byMs);
  try {
    if (service === 'ingest' && byMs < 0) await refusedFromAhead(run);
    else await load.send(BURST);
  } finally {
    await clock.back();
  }
  await load.send(BURST);
}

/** To an ingest that lives two hours back the events of now lie ahead: none may be taken, and all are once its clock is right. */
async function refusedFromAhead(run: FaultRun): Promise<void> {
  const { msp, scene } = run.main;
  const { now } = await run.runtime.status();
  const early = [assigned(scene.customers[0]!.code, 'never-seen', SERVICE, now)];
  const answer = await postBatch(run.runtime.endpoints.ingestUrl, msp.tokens.events, early);
  run.claim('an ingest that lives two hours back refuses the events of now', answer.results[0]?.status === 'rejected');
}

/** Their events claim to come from more than five minutes ahead: each is refused with a reason. */
async function producersAhead(run: FaultRun): Promise<void> {
  const { msp, scene } = run.main;
  const nowMs = Date.parse((await run.runtime.status()).now);
  const times = [6 / 60, 2, 48].map((hours) => new Date(nowMs + hours * HOUR_MS).toISOString());
  const events = times.map((time) => assigned(scene.customers[0]!.code, 'from-ahead', SERVICE, time));
  const { status, results } = await postBatch(run.runtime.endpoints.ingestUrl, msp.tokens.events, events);
  run.claim('events from ahead are refused, each of them', status === 422 && results.every((each) => each.status === 'rejected'));
}

/** Their events come a while after they happened; the order of what happened decides, not that of arrival. */
async function producersBehind(run: FaultRun): Promise<void> {
  const { load, scene } = run.main;
  const { code } = oneOf(run.random, scene.customers);
  const nowMs = Date.parse((await run.runtime.status()).now);
  const at = (hours: number): string => new Date(nowMs - hours * HOUR_MS).toISOString();
  // Gone again after an hour, but told in the other order; the second person stays.
  const { actorid } = load.acknowledged[0]!;
  const told = [removed(code, 'behind-1', SERVICE, at(1)), assigned(code, 'behind-2', SERVICE, at(26))];
  await load.deliver(told.map((event) => ({ ...event, actorid })));
  await load.deliver([{ ...assigned(code, 'behind-1', SERVICE, at(2)), actorid }]);
}
