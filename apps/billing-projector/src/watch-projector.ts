import type { DayWatch, PeriodCloser } from '@trueup/billing';
import { PROVISIONING_EVENTS } from '@trueup/contracts';
import type { BatchTransport } from '@trueup/kafka';
import { type OutboxTable, pendingCommands, poolUse, waitingCommands } from '@trueup/persistence';
import { type InFlight, type ServiceHealth, watchConsumer, watchLoops, watchStore } from '@trueup/service';
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
  const { database, transport, loops, outbox } = watched;
  watchConsumer(health, transport);
  health.ready('database', async () => {
    await database.query('select 1');
    return null;
  });
  watchLoops(health, loops.all);
  watchStore({
    schema: 'billing',
    pool: () => poolUse(database),
    outbox: () => outbox.waiting(),
    commands: () => waitingCommands(database, 'billing'),
    quarantined: () => quarantinedIn(database),
  });
  health.inFlight('lag', () => lagOf(transport));
  health.inFlight('work', () => workOf(watched));
}

async function quarantinedIn(database: DataSource): Promise<number> {
  const [row] = await database.query<{ count: number }[]>(
    `select count(*)::int as count from billing.quarantine where state = 'waiting'`,
  );
  return row!.count;
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
