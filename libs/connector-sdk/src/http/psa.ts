import type { ConnectionSettings } from '@trueup/contracts';
import type { Secret } from '@trueup/service';
import type { HttpAnswer } from './http-answer.js';

/** Base address and authentication of one connection, as `open` found them. Requests are sent to `baseUrl` + "/" + path. */
export interface Session {
  baseUrl: string;
  headers: Readonly<Record<string, string | Secret>>;
}

/** What `open` may use: the configured address, the secrets, and guarded GETs without authentication headers. */
export interface Http {
  /** As configured; undefined when the connection has none. */
  baseUrl: string | undefined;
  /** Throws SecretMissing when the connection has no such secret. */
  secret(name: string): Secret;
  /** Any answer, whatever its status. Throws NoAnswer. */
  get(url: string): Promise<HttpAnswer>;
}

/** The PSA as `locate`, `read` and `check` see it: reads only. A call whose answer is not `ok` throws PsaRefused. */
export interface Psa<S extends ConnectionSettings = ConnectionSettings> {
  settings: S;
  get<T = unknown>(path: string): Promise<T>;
  /** A POST that reads, such as a query. */
  query<T = unknown>(path: string, body: unknown): Promise<T>;
}

/** The connection lacks a secret that the connector needs. */
export class SecretMissing extends Error {
  constructor(readonly secretName: string) {
    super(`The secret ${secretName} is not set`);
    this.name = 'SecretMissing';
  }
}
