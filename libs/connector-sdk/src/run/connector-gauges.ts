import { sampledGauge, type Sample } from '@trueup/service';
import type { OpenConnections } from '../deliver/open-connections.js';
import type { Budget } from '../http/budget.js';
import type { HostGate } from '../http/host-gate.js';
import type { Ledger, WaitingLines, UnsettledWrites } from '../ledger/ledger.js';

export interface Gauged {
  ledger: Ledger;
  connections: OpenConnections;
  gate: HostGate;
  budget: Budget;
  now: () => Date;
}

const KEPT_MS = 1_000;
/** What waits for a day or a person is not late. */
const AT_REST = new Set(['date', 'settings']);

/** What waits for each connection, and whether its PSA is let be. Labels are connections and hosts of their settings, never lines. */
export function gaugeConnector({ ledger, connections, gate, budget, now }: Gauged): void {
  const waiting = kept(() => ledger.waitingLines());
  const unsettled = kept(() => ledger.unsettledWrites());
  const age = (at: Date): number => Math.max(0, (now().getTime() - at.getTime()) / 1_000);
  gaugeLines(waiting, age);
  gaugeWrites(unsettled, age);
  gaugeBreakers(connections, gate);
  sampledGauge({
    name: 'trueup_connector_budget_calls',
    help: 'Calls to the PSA that the connection may still make in the running window, of its length in seconds; shared by all replicas',
    labels: ['connection', 'window_seconds'],
    read: async () => (await Promise.all(connections.ids().map((id) => budgetOf(budget, id)))).flat(),
  });
}

function gaugeLines(waiting: () => Promise<readonly WaitingLines[]>, age: (at: Date) => number): void {
  sampledGauge({
    name: 'trueup_connector_due_lines',
    help: 'Agreement lines with work to do, by what they wait on: none (due now), retry, settle, breaker, limit; date and settings wait for the calendar or a person',
    labels: ['connection', 'waits_on'],
    read: async () => (await waiting()).map((each) => ({ labels: labelsOf(each), value: each.lines })),
  });
  sampledGauge({
    name: 'trueup_connector_oldest_unsent_seconds',
    help: 'For how long the oldest change has waited that nothing but the PSA or we hold up; absent when none does',
    labels: ['connection'],
    read: async () => {
      const late = (await waiting()).filter((each) => !AT_REST.has(each.waitsOn));
      const byConnection = Map.groupBy(late, (each) => each.connectionId);
      return [...byConnection].map(([connection, group]) => {
        return { labels: { connection }, value: Math.max(...group.map((each) => age(each.oldestAt))) };
      });
    },
  });
}

function gaugeWrites(unsettled: () => Promise<readonly UnsettledWrites[]>, age: (at: Date) => number): void {
  sampledGauge({
    name: 'trueup_connector_unsettled_writes',
    help: 'Writes that were sent, or may have been, and that no reading of the PSA has confirmed yet; nothing is planned on top of them',
    labels: ['connection'],
    read: async () => (await unsettled()).map((each) => ({ labels: { connection: each.connectionId }, value: each.writes })),
  });
  sampledGauge({
    name: 'trueup_connector_unsettled_oldest_seconds',
    help: 'Age of the oldest unsettled write; beyond the settle time of the PSA a person must look',
    labels: ['connection'],
    read: async () =>
      (await unsettled()).map((each) => ({ labels: { connection: each.connectionId }, value: age(each.oldestAt) })),
  });
}

function gaugeBreakers(connections: OpenConnections, gate: HostGate): void {
  sampledGauge({
    name: 'trueup_connector_breaker_state',
    help: 'Breaker of a connection in this process: 0 closed, 1 half open (one read may try), 2 open (nothing is called)',
    labels: ['connection'],
    read: () => connections.breakers().map(({ id, state }) => ({ labels: { connection: id }, value: state })),
  });
  sampledGauge({
    name: 'trueup_connector_host_breaker_open',
    help: 'Whether a host of the PSA is left alone by all its connections: 1 open, 0 closed',
    labels: ['host'],
    read: () => gate.hosts().map((host) => ({ labels: { host }, value: gate.isOpen(host) ? 1 : 0 })),
  });
}

async function budgetOf(budget: Budget, connection: string): Promise<Sample[]> {
  const left = await budget.left(connection);
  return left.map(({ perMs, calls }) => ({ labels: { connection, window_seconds: String(perMs / 1_000) }, value: calls }));
}

function labelsOf({ connectionId, waitsOn }: WaitingLines): Record<string, string> {
  return { connection: connectionId, waits_on: waitsOn };
}

/** One question for all gauges of a scrape. */
function kept<T>(read: () => Promise<T>): () => Promise<T> {
  let last: { at: number; answer: Promise<T> } | undefined;
  return () => {
    if (last === undefined || performance.now() - last.at > KEPT_MS) last = { at: performance.now(), answer: read() };
    return last.answer;
  };
}
