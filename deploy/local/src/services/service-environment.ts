import { join } from 'node:path';
import type { RuntimeSecrets } from '../card/runtime-secrets.js';
import type { DatabaseUrls } from '../infrastructure/database-roles.js';
import type { ServiceDefinition } from './service-catalogue.js';

/** What all services of one runtime are told. */
export interface SharedSurroundings {
  readonly kafkaBrokers: string;
  readonly databaseUrls: DatabaseUrls;
  readonly redisUrl: string | null;
  readonly apiUrl: string | null;
  readonly sandboxUrl: string | null;
  readonly homeRoot: string;
  readonly hasTestClock: boolean;
  readonly secrets: RuntimeSecrets;
}

export interface OwnSurroundings {
  readonly definition: ServiceDefinition;
  readonly replica: number;
  /** How many there are of it: connectors divide a PSA's limits among them while Redis is away. */
  readonly replicas: number;
  readonly adminPort: number;
  readonly httpPort: number | null;
  readonly clockOffsetMs: number;
}

/** Set by the caller of `npm start`, these win: that is how a proxy gets between two processes. */
const callersChoice = [
  'TRUEUP_KAFKA_BROKERS',
  'TRUEUP_DATABASE_URL',
  'TRUEUP_DATABASE_OWNER_URL',
  'TRUEUP_DATABASE_APP_URL',
  'TRUEUP_REDIS_URL',
  'TRUEUP_API_URL',
  'TRUEUP_LOG_LEVEL',
] as const;

/** The environment of one service process. */
export function serviceEnvironment(
  shared: SharedSurroundings,
  own: OwnSurroundings,
  caller: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  return {
    ...withoutOurs(caller),
    ...addresses(shared, caller),
    ...database(shared, own, caller),
    ...ports(own),
    ...clock(shared, own),
    ...special(shared, own),
    ...chosen(caller),
  };
}

/** Names of address variables that the caller has set. */
export function chosenByCaller(caller: NodeJS.ProcessEnv): string[] {
  return Object.keys(chosen(caller));
}

function chosen(caller: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(callersChoice.flatMap((name) => (caller[name] ? [[name, caller[name]]] : [])));
}

/** Nothing of the runtime's or npm's own may leak into a service. */
function withoutOurs(caller: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(caller).filter(([name]) => !/^(TRUEUP_|npm_)/i.test(name)));
}

function addresses(shared: SharedSurroundings, caller: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const sandboxHost = shared.sandboxUrl === null ? [] : [new URL(shared.sandboxUrl).host];
  return {
    TRUEUP_KAFKA_BROKERS: shared.kafkaBrokers,
    ...(shared.redisUrl !== null && { TRUEUP_REDIS_URL: shared.redisUrl }),
    ...(shared.apiUrl !== null && { TRUEUP_API_URL: shared.apiUrl }),
    TRUEUP_TEST_HOSTS: [...sandboxHost, ...(caller['TRUEUP_TEST_HOSTS'] ?? '').split(',')].filter(Boolean).join(','),
  };
}

/** Each process gets the roles of its work (docs/adr/0010). Who brings a database of his own brings its roles, too. */
function database(
  { databaseUrls }: SharedSurroundings,
  { definition }: OwnSurroundings,
  caller: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  if (caller['TRUEUP_DATABASE_URL'] || definition.name === 'psa-sandbox') return {};
  return {
    TRUEUP_DATABASE_URL: databaseUrls.worker,
    TRUEUP_DATABASE_OWNER_URL: databaseUrls.owner,
    ...(['api', 'ingest'].includes(definition.name) && { TRUEUP_DATABASE_APP_URL: databaseUrls.app }),
  };
}

function ports({ adminPort, httpPort, replica, replicas }: OwnSurroundings): NodeJS.ProcessEnv {
  return {
    TRUEUP_ADMIN_HOST: '127.0.0.1',
    TRUEUP_ADMIN_PORT: String(adminPort),
    TRUEUP_REPLICA: String(replica),
    TRUEUP_REPLICAS: String(replicas),
    ...(httpPort !== null && { TRUEUP_HTTP_HOST: '127.0.0.1', TRUEUP_HTTP_PORT: String(httpPort) }),
  };
}

function clock({ hasTestClock }: SharedSurroundings, { clockOffsetMs }: OwnSurroundings): NodeJS.ProcessEnv {
  return hasTestClock ? { TRUEUP_TEST_CLOCK: '1', TRUEUP_CLOCK_OFFSET_MS: String(clockOffsetMs) } : {};
}

/** Secrets go to the process that needs them, and to no other. */
function special({ secrets, homeRoot }: SharedSurroundings, { definition }: OwnSurroundings): NodeJS.ProcessEnv {
  if (definition.name === 'psa-sandbox') return { TRUEUP_SANDBOX_FILE: join(homeRoot, 'psa-sandbox.jsonl') };
  if (definition.kind !== undefined) return { TRUEUP_SERVICE_TOKEN: secrets.serviceTokens[definition.kind as 'autotask'] };
  return definition.name === 'api' ? bootstrap(secrets) : {};
}

function bootstrap(secrets: RuntimeSecrets): NodeJS.ProcessEnv {
  return {
    TRUEUP_MASTER_KEY: secrets.masterKey,
    TRUEUP_BOOTSTRAP_TENANT_NAME: 'Demo MSP',
    TRUEUP_BOOTSTRAP_ADMIN_TOKEN: secrets.adminToken,
    TRUEUP_BOOTSTRAP_EVENTS_TOKEN: secrets.eventsToken,
    TRUEUP_BOOTSTRAP_SERVICE_TOKENS: Object.entries(secrets.serviceTokens)
      .map((pair) => pair.join('='))
      .join(','),
  };
}
