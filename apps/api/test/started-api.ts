import { randomBytes } from 'node:crypto';
import { MasterKey, TokenVerifier, createTenant, createToken, ensureBootstrap } from '@trueup/access';
import { insertDefaultSettings } from '@trueup/billing';
import { SCOPES } from '@trueup/contracts';
import type { Reach, Scope } from '@trueup/contracts';
import { openDatabase } from '@trueup/persistence';
import { createLogger } from '@trueup/service';
import { startedPostgres } from '@trueup/testing';
import type { DataSource } from 'typeorm';
import type { ApiParts } from '../src/api-parts.js';
import { createApp } from '../src/create-app.js';
import { openRequestLimiter } from '../src/http/request-limiter.js';
import type { RequestLimit } from '../src/http/request-limiter.js';
import { openDatabases } from '../src/open-databases.js';
import type { Databases } from '../src/open-databases.js';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: ReturnType<typeof JSON.parse>;
}

export interface Call {
  method?: string;
  token?: string | null;
  body?: unknown;
  /** Sent as it is, in place of `body`. */
  raw?: string;
  headers?: Record<string, string>;
}

const unlimited: RequestLimit = { requests: 1_000_000, windowSeconds: 60 };

/** One API process over HTTP on a database of its own, with a clock that the test sets. */
export class StartedApi {
  now = new Date('2026-03-10T12:00:00Z');
  adminToken = 'the-admin-token';
  tenantId = '';
  /** Set with `restart`. */
  trustedProxies: string[] = [];
  patience: ApiParts['patience'];
  /** Takes every line of the log. */
  log: ((line: string) => void) | undefined;
  #close: () => Promise<void> = async () => {};

  private constructor(
    /** Of the owner, whom no wall holds: for what a test prepares and looks at. The api works with its own roles. */
    readonly db: DataSource,
    readonly databaseUrl: string,
    public url: string,
    readonly databases: Databases,
  ) {}

  static async start(limit: RequestLimit = unlimited): Promise<StartedApi> {
    const { url: databaseUrl, appUrl, workerUrl } = await startedPostgres();
    const addresses = {
      TRUEUP_DATABASE_URL: workerUrl,
      TRUEUP_DATABASE_OWNER_URL: databaseUrl,
      TRUEUP_DATABASE_APP_URL: appUrl,
    };
    const databases = await openDatabases(addresses, createLogger('api-test', 'fatal'));
    const db = await openDatabase({ url: databaseUrl, applicationName: 'api-test', schemas: [] });
    const api = new StartedApi(db, databaseUrl, '', databases);
    await ensureBootstrap(db, {
      tenant: { name: 'First', adminToken: api.adminToken, eventsToken: 'the-events-token' },
      serviceTokens: new Map([['autotask', 'the-service-token']]),
      at: api.now,
      onTenantCreated: async (tx, tenant) => {
        api.tenantId = tenant.id;
        await insertDefaultSettings(tx, tenant.id, api.now);
      },
    });
    await api.#listen(limit);
    return api;
  }

  async #listen(limit: RequestLimit): Promise<void> {
    const { url, close } = await this.#open(limit);
    this.url = url;
    this.#close = close;
  }

  async #open(limit: RequestLimit): Promise<{ url: string; close(): Promise<void> }> {
    const { log } = this;
    const logger = log
      ? createLogger('api-test', 'trace', { write: log })
      : createLogger('api-test', process.env['TEST_LOG'] ?? 'fatal');
    const counted = openRequestLimiter(limit, logger);
    const app = await createApp({
      ...this.databases,
      verifier: new TokenVerifier(this.databases.allTenants, () => this.now),
      masterKey: new MasterKey(randomBytes(32)),
      logger,
      limiter: counted.limiter,
      now: () => this.now,
      testHosts: ['127.0.0.1'],
      trustedProxies: this.trustedProxies,
      ...(this.patience && { patience: this.patience }),
      leaseMs: 300,
      checkWaitMs: 1_000,
      baselineWaitMs: 1_000,
      longestStreamMs: 1_000,
    });
    await app.listen(0, '127.0.0.1');
    const close = async (): Promise<void> => {
      await app.close();
      counted.stop();
    };
    return { url: (await app.getUrl()).replace('[::1]', '127.0.0.1'), close };
  }

  /** A second process on the same database, which remembers by itself. Answers its address. */
  async replica(): Promise<string> {
    const { url, close } = await this.#open(unlimited);
    const closeFirst = this.#close;
    this.#close = async () => {
      await closeFirst();
      await close();
    };
    return url;
  }

  /** Another process of the same product, with other settings. */
  async restart(more: Partial<Pick<StartedApi, 'trustedProxies' | 'patience' | 'log'>>): Promise<void> {
    await this.#close();
    Object.assign(this, more);
    await this.#listen(unlimited);
  }

  async stop(): Promise<void> {
    await this.#close();
    const { db, allTenants } = this.databases;
    for (const database of [this.db, db, allTenants]) await database.destroy();
  }

  /** A token of the first tenant, or of `tenantId`. */
  async token(scopes: readonly Scope[] = SCOPES, reach: Reach = 'tenant', tenantId = this.tenantId): Promise<string> {
    const { secret } = await createToken(this.db, { tenantId, label: 'test', scopes, reach, createdAt: this.now });
    return secret;
  }

  /** Another tenant with a token of all scopes. */
  async tenant(name: string): Promise<{ id: string; token: string }> {
    const { tenant } = await createTenant(this.db, { name, createdAt: this.now });
    await insertDefaultSettings(this.db, tenant.id, this.now);
    return { id: tenant.id, token: await this.token(SCOPES, 'tenant', tenant.id) };
  }

  async call(path: string, { method = 'GET', token = this.adminToken, body, raw, headers = {} }: Call = {}): Promise<Answer> {
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`${this.url}${path}`, {
      method,
      body: sent,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(sent !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : null,
    };
  }

  /** A connection to a test host that prorates, so that any `liveFrom` will do. */
  async connection(token = this.adminToken): Promise<string> {
    const body = { kind: 'autotask', label: 'Sandbox', baseUrl: 'http://127.0.0.1:9', settings: { prorate: true } };
    const made = await this.call('/v1/connections', { method: 'POST', token, body });
    return made.body.id;
  }
}
