import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  changeIdOf,
  connectionSettings,
  lineRefOf,
  type ConnectionSettings,
  type InternalConnection,
  type Outcome,
  type QuantityChange,
} from '@trueup/contracts';
import { createLogger } from '@trueup/service';
import type { Connector } from '../connector/connector.js';
import type { Manifest } from '../connector/manifest.js';
import { deliverPass } from '../deliver/deliver-pass.js';
import { HeldAccounts } from '../deliver/held-accounts.js';
import { OpenConnections } from '../deliver/open-connections.js';
import type { Workplace } from '../deliver/workplace.js';
import { HostGuard } from '../http/host-guard.js';
import type { Budget } from '../http/budget.js';
import { LocalBudget } from '../http/local-budget.js';
import type { Psa } from '../http/psa.js';
import type { Ledger } from '../ledger/ledger.js';

export interface BenchOptions {
  ledger: Ledger;
  connector: Connector;
  manifest: Manifest;
  baseUrl: string;
  secrets: Record<string, string>;
  settings?: Partial<ConnectionSettings>;
  now?: Date;
  /** Default "con_1"; another one for every spec that shares a database. */
  connectionId?: string;
  /** Default: no limit but four places per endpoint. */
  budget?: Budget;
}

/** How long a bench's breaker rests, in real time: long enough for what a spec does meanwhile on a busy machine. */
export const BREAKER_REST_MS = 1_500;

/** A connector without Kafka and api: a ledger, a PSA, settings that a spec can change, and a clock that it moves. */
export class Bench {
  now: Date;
  isFresh = true;
  isAlive = true;
  /** Since when the replica has lived without a gap, as performance.now() counts. */
  aliveSinceMs = 0;
  /** How often settings were asked for before their turn. */
  hurries = 0;
  connection: InternalConnection;
  readonly owner = `bench-${randomUUID()}`;
  readonly #connections: OpenConnections;
  readonly #place: Workplace;
  readonly #guard = new HostGuard({ hosts: [], testHosts: ['127.0.0.1'] });

  constructor(private readonly options: BenchOptions) {
    const { ledger, connector, manifest } = options;
    this.now = options.now ?? new Date('2026-07-20T10:00:00.000Z');
    this.connection = connectionOf(options);
    // A pause that the PSA asks for goes by on the bench's clock too.
    const nowMs = (): number => this.now.getTime() + performance.now();
    const budget = options.budget ?? new LocalBudget({ limits: [], concurrency: 4, share: 1, nowMs });
    const parts = { connector, manifest, guard: this.#guard, budget, now: () => this.now };
    this.#connections = new OpenConnections({ ...parts, circuit: { restMs: BREAKER_REST_MS } });
    this.#place = {
      ledger,
      held: new HeldAccounts(),
      connector,
      settings: {
        find: (id) => (id === this.connection.id ? this.connection : undefined),
        isFresh: () => this.isFresh,
        hurry: () => (this.hurries += 1),
      },
      logger: createLogger('bench', 'fatal'),
      now: () => this.now,
      isAlive: (sinceMs) => this.isAlive && this.aliveSinceMs <= sinceMs,
      wait: (ms) => wait(Math.min(ms, 5)),
    };
  }

  async stop(): Promise<void> {
    this.#connections.stop();
    await this.#guard.stop();
  }

  change(version: number, quantity: string, more: Partial<QuantityChange> = {}): QuantityChange {
    const key = more.agreementLineKey ?? 'al_1';
    const { id: connectionId, epoch } = this.connection;
    return {
      tenantId: 'ten_1',
      changeId: changeIdOf(connectionId, key, version),
      connectionId,
      epoch,
      agreementLineKey: key,
      lineRef: lineRefOf(`${connectionId}${key}`),
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
    const changes = [{ connectionId, key, change, isPreview }];
    const place = { topic: randomUUID(), partition: 0, group: 'bench', from: null, to: 1n };
    await this.options.ledger.accept({ ...place, changes, quarantined: [] }, this.now);
    this.later(300);
  }

  /** Moves the clock and runs passes until nothing is due. */
  async run(afterMs = 0): Promise<void> {
    this.later(afterMs);
    while ((await this.pass()) > 0);
  }

  async pass(): Promise<number> {
    await this.options.ledger.heartbeat(this.owner);
    return deliverPass(this.#place, this.#connections, this.owner, this.connection.id);
  }

  /** The PSA as the connector's reads see it. */
  get psa(): Psa {
    return this.#connections.of(this.connection).psa;
  }

  later(ms: number): void {
    this.now = new Date(this.now.getTime() + ms);
  }
}

/** `delivered:LINE_UPDATED`, for every outcome. */
export function wordsOf(outcomes: readonly Outcome[]): string[] {
  return outcomes.map((outcome) => `${outcome.kind}:${outcome.code}`);
}

function connectionOf({ connectionId = 'con_1', manifest, baseUrl, secrets, settings }: BenchOptions): InternalConnection {
  return {
    id: connectionId,
    tenantId: 'ten_1',
    kind: manifest.id,
    label: manifest.title,
    mode: 'auto',
    epoch: 1,
    state: 'ready',
    baseUrl,
    settings: connectionSettings.parse({ prorate: true, ...settings }),
    secrets,
    timeZone: 'UTC',
    graceHours: 1,
    checkRequested: 0,
  };
}
