import { setTimeout as wait } from 'node:timers/promises';
import { changeIdOf, lineRefOf, type InternalConnection, type Outcome, type QuantityChange } from '@trueup/contracts';
import { deliverPass } from '../deliver/deliver-pass.js';
import { OpenConnections } from '../deliver/open-connections.js';
import type { Workplace } from '../deliver/workplace.js';
import { HostGuard } from '../http/host-guard.js';
import { LocalBudget } from '../http/local-budget.js';
import type { Ledger } from '../ledger/ledger.js';
import { scriptedConnector, scriptedManifest } from './scripted-connector.js';
import { ScriptedPsa } from './scripted-psa.js';

const FIRST_NOW = new Date('2026-07-20T10:00:00.000Z');
let offset = 0n;

/** A connector without Kafka and api: a ledger, a scripted PSA, settings that a spec can change, and a clock that it moves. */
export class Bench {
  readonly psa = new ScriptedPsa();
  now = FIRST_NOW;
  isFresh = true;
  connection: InternalConnection;
  readonly owner = 'bench';
  #connections!: OpenConnections;
  #place!: Workplace;
  readonly #guard = new HostGuard({ hosts: [], testHosts: ['127.0.0.1'] });

  constructor(
    readonly ledger: Ledger,
    readonly connectionId = 'con_1',
  ) {
    this.connection = {
      id: connectionId,
      tenantId: 'ten_1',
      kind: 'scripted',
      label: 'Scripted',
      mode: 'auto',
      epoch: 1,
      state: 'ready',
      baseUrl: null,
      settings: settingsOf(),
      secrets: { key: 'k' },
      timeZone: 'UTC',
      graceHours: 1,
      checkRequested: 0,
    };
  }

  async start(): Promise<this> {
    this.connection = { ...this.connection, baseUrl: await this.psa.start() };
    const nowMs = (): number => performance.now();
    const budget = new LocalBudget({ limits: [], concurrency: 4, share: 1, nowMs });
    const parts = { connector: scriptedConnector, manifest: scriptedManifest, guard: this.#guard, budget, now: () => this.now };
    this.#connections = new OpenConnections({ ...parts, circuit: { restMs: 200 } });
    await this.ledger.heartbeat(this.owner);
    this.#place = {
      ledger: this.ledger,
      connector: scriptedConnector,
      settings: { find: (id) => (id === this.connectionId ? this.connection : undefined), isFresh: () => this.isFresh },
      logger: console,
      now: () => this.now,
      isAlive: () => true,
      wait: (ms) => wait(Math.min(ms, 5)),
    };
    return this;
  }

  async stop(): Promise<void> {
    this.#connections.stop();
    await this.psa.stop();
    await this.#guard.stop();
  }

  change(version: number, quantity: string, more: Partial<QuantityChange> = {}): QuantityChange {
    const key = more.agreementLineKey ?? 'al_1';
    return {
      tenantId: 'ten_1',
      changeId: changeIdOf(this.connectionId, key, version),
      connectionId: this.connectionId,
      epoch: 1,
      agreementLineKey: key,
      lineRef: lineRefOf(key),
      version,
      account: { billingIdentifier: 'acc-1' },
      product: { ref: 'line-1', sku: 'SKU' },
      description: 'A product',
      steps: [{ from: '2026-07-01', quantity, periodId: '2026-07-31' }],
      parts: [],
      mayCreateLine: false,
      prorate: true,
      writesFrom: '2026-07-01',
      onDrift: 'hold',
      ...more,
    };
  }

  async accept(change: QuantityChange, isPreview = false): Promise<void> {
    const { connectionId, agreementLineKey: key } = change;
    offset += 1n;
    const changes = [{ connectionId, key, change, isPreview }];
    const place = { topic: `topic-${offset}`, partition: 0, group: 'g' };
    await this.ledger.accept({ ...place, from: null, to: 1n, changes, quarantined: [] }, this.now);
    this.later(300);
  }

  /** Moves the clock and runs passes until nothing is due. */
  async run(afterMs = 0): Promise<void> {
    this.later(afterMs);
    while ((await deliverPass(this.#place, this.#connections, this.owner, this.connectionId)) > 0);
  }

  later(ms: number): void {
    this.now = new Date(this.now.getTime() + ms);
  }
}

/** `delivered:LINE_UPDATED`, for every outcome. */
export function wordsOf(outcomes: readonly Outcome[]): string[] {
  return outcomes.map((outcome) => `${outcome.kind}:${outcome.code}`);
}

function settingsOf(): InternalConnection['settings'] {
  return {
    prorate: true,
    mayCreateLine: false,
    dateAlignment: 'psa-period',
    onPostedPeriod: 'next',
    sameDateChanges: 'net-at-day-end',
    onDrift: 'hold',
    counting: 'active',
    companyMatch: 'id',
    skuField: 'ServiceId',
    calculationOwner: 'psa',
    requireHand: { create: false, zero: false },
  };
}
