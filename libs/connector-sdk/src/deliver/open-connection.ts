import type { ConnectionSettings, InternalConnection } from '@trueup/contracts';
import { Secret, type Logger } from '@trueup/service';
import { z } from 'zod';
import type { Connector } from '../connector/connector.js';
import type { Manifest } from '../connector/manifest.js';
import type { Budget } from '../http/budget.js';
import { Circuit, type CircuitOptions } from '../http/circuit.js';
import type { HostGate } from '../http/host-gate.js';
import type { HostGuard } from '../http/host-guard.js';
import { PsaRefused } from '../http/http-answer.js';
import { BudgetSpent, PsaClient, type Call, type Judged } from '../http/psa-client.js';
import { RememberedPlaces } from './remembered-places.js';
import { SecretMissing, type Http, type Psa, type Session } from '../http/psa.js';
import type { SharedRest } from '../http/shared-rest.js';

export interface ConnectionParts {
  connector: Connector;
  manifest: Manifest;
  guard: HostGuard;
  budget: Budget;
  circuit?: CircuitOptions;
  /** Common to all connections; default: one for each. */
  gate?: HostGate;
  /** What other replicas say; default: nothing. */
  rest?: SharedRest;
  logger?: Pick<Logger, 'warn'>;
  now: () => Date;
}

// The PSA's own limit is looked at after so many of our calls, and the work rests above that share of it.
const CALLS_BETWEEN_LOOKS = 200;
const MOST_SHARE = 0.75;
const REST_MS = 60_000;

/** One connection at one epoch and its settings: its client, session, breaker and what was located. Others begin anew. */
export class OpenConnection {
  readonly circuit: Circuit;
  /** Passes that failed in a row; the next one waits longer. */
  failures = 0;
  /** Why nothing is called until the settings change. */
  stopped?: { code: 'SECRETS_INVALID' | 'SECRET_MISSING' | 'CONFIG_INVALID'; message: string };
  readonly #client: PsaClient;
  #session?: Promise<Session>;
  #sessionIsNew = true;
  #callsUntilLook = 0;
  readonly places: RememberedPlaces;

  constructor(
    readonly connection: InternalConnection,
    private readonly parts: ConnectionParts,
  ) {
    this.places = new RememberedPlaces({ holdsMs: parts.manifest.locateCacheMs });
    const onChange = (state: string): void => parts.logger?.warn({ connectionId: connection.id, state }, 'the breaker changed');
    this.circuit = new Circuit({ ...parts.circuit, onChange });
    const { settings } = connection;
    this.#client = new PsaClient({
      connectionId: connection.id,
      guard: parts.guard,
      budget: parts.budget,
      circuit: this.circuit,
      gate: parts.gate,
      rest: parts.rest,
      classify: parts.connector.classify?.bind(parts.connector),
      readTimeoutMs: settings.readTimeoutMs ?? parts.manifest.readTimeoutMs,
      writeTimeoutMs: settings.writeTimeoutMs ?? parts.manifest.writeTimeoutMs,
      now: parts.now,
    });
    this.stopped = this.#problem();
  }

  get settings(): ConnectionSettings {
    return this.connection.settings;
  }

  get settleMs(): number {
    return this.settings.settleMs ?? this.parts.manifest.settleMs;
  }

  /** Whether the session was opened after the last `reopen`, so that opening it once more would not help. */
  get hasNewSession(): boolean {
    return this.#sessionIsNew;
  }

  /** Whether a write may be sent: after any rest a read must have succeeded first. */
  get mayWrite(): boolean {
    return this.#client.mayWrite;
  }

  /** Milliseconds for which nothing is called: by the breaker of the connection or its host, or as another replica says. */
  get restLeftMs(): number {
    return this.#client.restLeftMs;
  }

  /** Reads only; opens the session at the first call. */
  get psa(): Psa {
    return {
      settings: this.settings,
      get: async <T>(path: string) => (await this.#read({ method: 'GET', path })) as T,
      query: async <T>(path: string, body: unknown) => (await this.#read({ method: 'POST', path, body })) as T,
    };
  }

  /** Leaves room for the PSA's other integrations. Throws BudgetSpent when together they have used most of its limit. */
  async leaveRoom(): Promise<void> {
    const { usedShare } = this.parts.connector;
    if (usedShare === undefined || this.#callsUntilLook > 0) return;
    const share = await usedShare(this.psa).catch(orUnknown);
    if (share >= MOST_SHARE) throw new BudgetSpent(REST_MS);
    this.#callsUntilLook = CALLS_BETWEEN_LOOKS;
  }

  async write(call: Call): Promise<Judged> {
    this.#callsUntilLook -= 1;
    return this.#client.write(await this.#opened(), call);
  }

  /** The session is opened again at the next call, and every place located again. */
  reopen(): void {
    this.#session = undefined;
    this.#sessionIsNew = true;
    this.places.clear();
  }

  /** The session has worked: an `auth` later may come from a moved tenant, and is worth opening once more. */
  sessionWorked(): void {
    this.#sessionIsNew = false;
    this.failures = 0;
  }

  stop(): void {
    this.circuit.stop();
  }

  async #read(call: Call): Promise<unknown> {
    this.#callsUntilLook -= 1;
    const { answer, meaning } = await this.#client.read(await this.#opened(), call);
    if (meaning !== 'ok') throw new PsaRefused(meaning, answer, `${call.path}: ${answer.status} ${answer.text.slice(0, 300)}`);
    return answer.body;
  }

  #opened(): Promise<Session> {
    this.#session ??= this.parts.connector.open(this.settings, this.#http()).catch((error: unknown) => {
      this.#session = undefined;
      throw error;
    });
    return this.#session;
  }

  #http(): Http {
    const { secrets, baseUrl } = this.connection;
    return {
      baseUrl: baseUrl ?? undefined,
      secret: (name) => {
        const value = secrets[name];
        if (value === undefined || value === '') throw new SecretMissing(name);
        return new Secret(value);
      },
      get: async (url) => (await this.#client.lookUp(url)).answer,
    };
  }

  #problem(): OpenConnection['stopped'] {
    const { manifest } = this.parts;
    const missing = manifest.secrets.find((name) => (this.connection.secrets[name] ?? '') === '');
    if (missing !== undefined) return { code: 'SECRET_MISSING', message: `The secret ${missing} is not set` };
    if (Object.keys(manifest.settings).length === 0) return undefined;
    const read = z.fromJSONSchema(manifest.settings as z.core.JSONSchema.JSONSchema).safeParse(this.settings);
    if (read.success) return undefined;
    const [issue] = read.error.issues;
    return { code: 'CONFIG_INVALID', message: `/settings/${issue?.path.join('/') ?? ''}: ${issue?.message ?? 'not valid'}` };
  }
}

/** A PSA that does not show its meter to this user is worked on all the same; our own budget holds anyway. Bad secrets are tried once. */
function orUnknown(error: unknown): number {
  if (error instanceof PsaRefused && error.answer.status !== 401) return 0;
  throw error;
}
