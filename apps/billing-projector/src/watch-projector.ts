import type { DayWatch, PeriodCloser } from '@trueup/billing';
import { PROVISIONING_EVENTS } from '@trueup/contracts';
import type { BatchTransport } from '@trueup/kafka';
import { type OutboxTable, pendingCommands } from '@trueup/persistence';
import { type InFlight, type ServiceHealth, watchLoops } from '@trueup/service';
import type { DataSource } from 'typeorm';
import type { ProjectorLoops } from './projector-loops.js';

/** What the projector's health is read from. */
export interface Watched {
  database: DataSource;
  transport: BatchTransport;
  outbox: OutboxTable;
  days: DayWatch;
  closer: PeriodCloser;
  loops: ProjectorLoops;
  now: () => Date;
}

/** Tells the admin side whether the projector lives, is ready, and what it has under way. */
export function watchProjector(health: ServiceHealth, watched: Watched): void {
  const { database, transport, loops } = watched;
  health.live('consumer', () => transport.health().crashed ?? stalledIn(transport));
  health.ready('consumer', () => (transport.health().isJoined ? null : 'the consumer group is not joined yet'));
  health.ready('database', async () => {
    await database.query('select 1');
    return null;
  });
  watchLoops(health, loops.all);
  health.inFlight('lag', () => lagOf(transport));
  health.inFlight('work', () => workOf(watched));
}

function stalledIn(transport: BatchTransport): string | null {
  const { stalled } = transport.health();
  return stalled.length === 0 ? null : `no progress in ${stalled.join(', ')}`;
}

async function lagOf(transport: BatchTransport): Promise<InFlight[]> {
  const lags = (await transport.lag(0)).filter(({ lag }) => lag > 0n);
  const count = lags.reduce((sum, { lag }) => sum + Number(lag), 0);
  return [{ what: `${PROVISIONING_EVENTS} not yet applied`, count }];
}

// In the order in which work moves on: what leaves one place behind the glance is seen in the next. A day that has begun by the clock but
// is not yet a command would look settled: look first. A period that waits for its grace to end is settled.
async function workOf({ database, days, closer, outbox, now }: Watched): Promise<InFlight[]> {
  await days.look(now());
  return [
    { what: 'billing commands not yet carried out', count: await pendingCommands(database, 'billing') },
    { what: 'billing periods not yet closed', count: await closer.underWay() },
    { what: 'line targets not yet published', count: await outbox.unsent() },
  ];
}
