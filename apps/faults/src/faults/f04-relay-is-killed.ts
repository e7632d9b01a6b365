import { ask } from '@trueup/testing/product';
import { asBefore, diesAt } from '../crashes/dies-at.js';
import { turnOf } from '../crashes/turns.js';
import { whileEventsFlow } from '../crashes/while-events-flow.js';
import type { Fault } from '../fault.js';

const RELAYS = [
  { service: 'billing-projector', point: 'projector.relay', schema: 'billing' },
  { service: 'change-control', point: 'change-control.relay', schema: 'control' },
  { service: 'connector-autotask', point: 'connector.relay', schema: 'connector_autotask' },
] as const;

/** One service per seed in turn dies after its records are in the log, and before their rows are gone from the outbox. */
export const f04RelayIsKilled: Fault = {
  id: 'F4',
  title: 'a relay is killed between publishing and deleting',
  mustHold: 'what is published twice has one effect: readers drop the repeat by its version',
  inject: (run) =>
    whileEventsFlow(run, async () => {
      for (const { service, point, schema } of turnOf(run.seed, RELAYS)) {
        run.claim(`${service} died at ${point}`, await diesAt(run, service, point));
        const [row] = await ask<{ count: number }>(run.runtime, `select count(*)::int as count from "${schema}".outbox`);
        run.claim('rows that are published already wait in the outbox', row!.count > 0);
        run.figure('published twice', row!.count);
        await asBefore(run, service);
      }
    }),
};
