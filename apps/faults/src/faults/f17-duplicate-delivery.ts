import { oneOf, shuffled, wholeBelow } from '@trueup/testing/product';
import type { Fault, FaultRun } from '../fault.js';

const EVENTS = 42;
const DAYS = 3;

/** Each event arrives one to five times: at once, on later days, after restarts. */
export const f17DuplicateDelivery: Fault = {
  id: 'F17',
  title: 'events are delivered one to five times, across days and restarts',
  mustHold: 'the snapshot is the one of single delivery; every repeat is answered 2xx',
  async inject(run) {
    const { load } = run.main;
    const drawn = await load.draw(EVENTS);
    const rounds = drawn.flatMap((event) =>
      Array.from({ length: 1 + wholeBelow(run.random, 5) }, (_, round) => ({ event, round })),
    );
    run.figure('deliveries', rounds.length);
    for (let day = 0; day < DAYS; day++) {
      const due = rounds.filter(({ round }) => Math.min(round, DAYS - 1) === day).map(({ event }) => event);
      for (let at = 0; at < due.length; at += 9) await load.deliver(shuffled(run.random, due.slice(at, at + 9)));
      await betweenDays(run);
    }
  },
};

async function betweenDays(run: FaultRun): Promise<void> {
  const service = oneOf(run.random, ['ingest', 'billing-projector', 'change-control', 'connector-autotask']);
  await run.runtime.advanceClock('P1D');
  await run.runtime.kill(service);
  await run.runtime.restart(service);
  await run.runtime.allReady();
}
