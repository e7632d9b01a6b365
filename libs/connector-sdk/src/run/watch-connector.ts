import type { BatchTransport } from '@trueup/kafka';
import { type OutboxTable, poolUse } from '@trueup/persistence';
import { type InFlight, type ServiceHealth, watchConsumer, watchStore } from '@trueup/service';
import type { DataSource } from 'typeorm';
import type { Dispatcher } from '../deliver/dispatcher.js';
import type { Ledger } from '../ledger/ledger.js';
import type { SettingsSource } from '../settings/settings-source.js';

export interface Watched {
  health: ServiceHealth;
  transport: BatchTransport;
  outbox: OutboxTable;
  ledger: Ledger;
  dispatcher: Dispatcher;
  settings: SettingsSource;
  database: DataSource;
}

/** What the process says of itself: alive, ready, and what it has under way. */
export function watchConnector({ health, transport, outbox, ledger, dispatcher, settings, database }: Watched): void {
  watchConsumer(health, transport);
  watchStore({ schema: outbox.schema, pool: () => poolUse(database), outbox: () => outbox.waiting() });
  health.live('dispatcher', () => dispatcher.problemOfLife());
  health.ready('settings', () => (settings.isFresh() ? null : 'the settings of the connections cannot be read'));
  health.ready('database', async () => {
    await database.query('select 1');
    return null;
  });
  health.inFlight('changes', async () => [{ what: 'quantity changes not accepted', count: lagOf(await transport.lag(0)) }]);
  health.inFlight('outbox', async () => [{ what: 'outcomes not published', count: await outbox.unsent() }]);
  health.inFlight('deliveries', async () => deliveries(await ledger.openWork(), dispatcher.passes));
}

function lagOf(lags: readonly { lag: bigint }[]): number {
  return Number(lags.reduce((sum, each) => sum + each.lag, 0n));
}

function deliveries(open: { due: number; unsettled: number }, passes: number): InFlight[] {
  return [
    { what: 'due deliveries', count: open.due, detail: `${open.unsettled} unsettled` },
    { what: 'passes under way', count: passes },
  ];
}
