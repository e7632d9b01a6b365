import { oneOf, wholeBelow } from '@trueup/testing/product';
import { setTimeout as wait } from 'node:timers/promises';
import { appliedBy, READER_NAMES } from '../crashes/watermarks.js';
import { whileEventsFlow } from '../crashes/while-events-flow.js';
import type { Fault, FaultRun } from '../fault.js';

const ROUNDS = 7;
const EVERY_MS = 5_000;
const REPLICAS = 3;

/** Members of all groups come and go, in good order or killed. */
export const f22RebalanceStorm: Fault = {
  id: 'F22',
  title: 'a consumer of each group comes or goes every five seconds',
  mustHold: 'each group makes progress, and nothing has two effects',
  needs: { replicas: { 'billing-projector': REPLICAS, 'change-control': REPLICAS, 'connector-autotask': REPLICAS } },
  inject: (run) =>
    whileEventsFlow(run, async () => {
      const before = await Promise.all(READER_NAMES.map((reader) => appliedBy(run, reader)));
      const away = new Map<string, number>();
      for (let round = 0; round < ROUNDS; round++) {
        for (const service of READER_NAMES) await comeOrGo(run, service, away);
        await wait(EVERY_MS);
      }
      for (const [index, reader] of READER_NAMES.entries()) {
        const applied = (await appliedBy(run, reader)) - before[index]!;
        run.figure(`${reader}_per_s`, Math.round((applied * 10_000) / (ROUNDS * EVERY_MS)) / 10);
        run.claim(`${reader} made progress in the storm`, applied > 0);
      }
      for (const [service, replica] of away) await run.runtime.restart(service, replica);
    }),
};

/** The member that is away comes back; if none is, one leaves: told to, or killed. */
async function comeOrGo({ runtime, random }: FaultRun, service: string, away: Map<string, number>): Promise<void> {
  const gone = away.get(service);
  if (gone !== undefined) {
    runtime.restart(service, gone).catch(() => undefined); // it is ready when it has joined, which may be after the next one has left
    away.delete(service);
    return;
  }
  const replica = wholeBelow(random, REPLICAS);
  await runtime.signal(service, oneOf(random, ['SIGTERM', 'SIGTERM', 'SIGKILL']), replica);
  away.set(service, replica);
}
