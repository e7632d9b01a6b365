import { sampledGauge } from './sampled-gauge.js';
import { WaitingAge } from './waiting-age.js';

/** What libs/persistence says of rows that wait. */
export interface WatchedRows {
  count: number;
  oldestId: string | null;
}

export interface WatchedStore {
  /** Schema of the store, as a label. */
  schema: string;
  pool: () => { busy: number; idle: number; waiting: number };
  /** Absent where the process relays no outbox. */
  outbox?: () => Promise<WatchedRows>;
  /** Absent where the process carries out no commands. */
  commands?: () => Promise<WatchedRows>;
  /** Records set aside that nobody has dealt with; absent where the process sets none aside. */
  quarantined?: () => Promise<number>;
}

/** Reports what waits in a process's database: outbox, commands, quarantine, and its own pool. */
export function watchStore({ schema, pool, outbox, commands, quarantined }: WatchedStore): void {
  sampledGauge({
    name: 'trueup_database_pool_connections',
    help: 'Connections of this process to its database. state: busy, idle, or waiting = askers that have none, which should be 0',
    labels: ['state'],
    read: () => Object.entries(pool()).map(([state, value]) => ({ labels: { state }, value })),
  });
  if (outbox) watchRows('outbox', 'Messages that are decided and not yet on their topic', schema, outbox);
  if (commands) watchRows('commands', 'What people or midnight have decided and nobody has carried out yet', schema, commands);
  if (quarantined) {
    sampledGauge({
      name: 'trueup_quarantine_records',
      help: 'Records set aside because they cannot be applied; a person releases or discards them',
      labels: ['schema'],
      read: async () => [{ labels: { schema }, value: await quarantined() }],
    });
  }
}

function watchRows(what: string, meaning: string, schema: string, read: () => Promise<WatchedRows>): void {
  const age = new WaitingAge();
  sampledGauge({
    name: `trueup_${what}_rows`,
    help: meaning,
    labels: ['schema'],
    read: async () => [{ labels: { schema }, value: (await read()).count }],
  });
  sampledGauge({
    name: `trueup_${what}_oldest_seconds`,
    help: `${meaning}: for how long the oldest has been seen waiting, too small by one scrape at most; 0 when none waits`,
    labels: ['schema'],
    read: async () => [{ labels: { schema }, value: age.look((await read()).oldestId) }],
  });
}
