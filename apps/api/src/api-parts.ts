import type { MasterKey, TokenVerifier } from '@trueup/access';
import type { Logger } from '@trueup/service';
import type { DataSource } from 'typeorm';
import type { RateCounter } from '@trueup/service/redis';

/** Injection token of the parts. */
export const API_PARTS = Symbol('api parts');

/** What the API is built from; the same for every route. */
export interface ApiParts {
  /** Sees the rows of the caller's tenant and no others; outside of a request with a caller it refuses. */
  db: DataSource;
  /** For what comes before a tenant is known, and for what belongs to none: tokens, sign-ins, tenants, connectors. */
  allTenants: DataSource;
  verifier: TokenVerifier;
  masterKey: MasterKey;
  /** Where the audit's anchors are kept besides the database. */
  anchorFile?: string;
  logger: Logger;
  /** Counts the requests of each token. */
  limiter: RateCounter;
  /** The business clock. */
  now(): Date;
  /** Hosts, or host:port, that a connection may point at without https: sandboxes and doubles. */
  testHosts: readonly string[];
  /** Addresses and networks of the proxies whose X-Forwarded-For is believed; of nobody else's. */
  trustedProxies: readonly string[];
  /** How long a caller may take for all headers, and for the whole request. Default 10,000 and 30,000. */
  patience?: { headersMs: number; requestMs: number };
  /** How long a connector may still write after a step down: the answer waits that long. Default 5,000. */
  leaseMs: number;
  /** How long a check waits for its connector. Default 20,000. */
  checkWaitMs: number;
  /** How long a step up waits for lines that were mapped but not looked at yet. Default 10,000. */
  baselineWaitMs: number;
  /** How long a stream of progress lasts; then the client comes again and its token is looked at again. Default 25,000. */
  longestStreamMs: number;
}
