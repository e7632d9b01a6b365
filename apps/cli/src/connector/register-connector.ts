import { issueServiceToken, registeredKinds, type SqlRunner } from '@trueup/access';
import type { ConnectorManifest } from '@trueup/contracts';
import { inTransaction, openDatabase, sqlStateOf } from '@trueup/persistence';
import { clock } from '@trueup/service';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { type LedgerPlace, prepareLedger } from './prepare-ledger.js';
import { prepareTopics } from './prepare-topics.js';
import { type RegistrationMode, type RegistrationStep, stateOf } from './registration-step.js';

export interface Deployment {
  brokers: readonly string[];
  databaseUrl: string;
  apiUrl: string | null;
  principal: string;
}

export interface Registration {
  kind: string;
  steps: RegistrationStep[];
  /** The environment of the connector's process. Secrets are in it only when this run made them; this is their one appearance. */
  environment: Record<string, string>;
}

const NO_TABLE = '42P01';
const NO_RIGHT = '42501';

/** Prepares a deployment for a connector. What exists stays as it is, so that a second run changes nothing. */
export async function registerConnector(
  manifest: ConnectorManifest,
  deployment: Deployment,
  mode: RegistrationMode,
): Promise<Registration> {
  const kind = manifest.id;
  const topics = await prepareTopics({ kind, ...deployment }, mode);
  const { place, token } = await inDatabase(deployment.databaseUrl, async (tx) => ({
    place: await prepareLedger(tx, kind, mode),
    token: await prepareToken(tx, kind, mode),
  }));
  return { kind, steps: [...topics, ...place.steps, token.step], environment: environmentOf(deployment, place, token.secret) };
}

/** The token by which the api knows the kind: it takes connections of the kind from then on, without a restart. */
async function prepareToken(
  tx: SqlRunner,
  kind: string,
  mode: RegistrationMode,
): Promise<{ step: RegistrationStep; secret: string | null }> {
  const isPresent = (await registeredKinds(tx)).includes(kind);
  const isMade = !mode.isDryRun && (!isPresent || mode.isRotating);
  const secret = isMade ? await issueServiceToken(tx, kind, clock.now()) : null;
  const detail = `opens the settings and secrets of the connections of "${kind}"`;
  return { step: { what: 'service token', state: stateOf(isPresent, mode, true), detail }, secret };
}

/** Role, schema and token come together or not at all: half of it would leave secrets that nobody has seen. */
async function inDatabase<T>(url: string, work: (tx: SqlRunner) => Promise<T>): Promise<T> {
  try {
    const database = await openDatabase({ url, applicationName: 'trueup-cli', poolSize: 1, schemas: [] });
    try {
      return await inTransaction(database, work);
    } finally {
      await database.destroy();
    }
  } catch (error) {
    throw databaseFailure(error);
  }
}

function databaseFailure(error: unknown): unknown {
  const state = sqlStateOf(error);
  if (state === NO_TABLE)
    return new Failure(EXIT.refused, 'The database is not one of Trueup yet', {
      remedy: 'Start the api once; it makes its tables.',
    });
  if (state === NO_RIGHT) {
    const remedy = 'Give the address of a database user that may create roles and schemas.';
    return new Failure(EXIT.denied, `The database refuses: ${(error as Error).message}`, { remedy });
  }
  const isAway =
    state === '' && /ECONN|ENOTFOUND|ETIMEDOUT|timeout/.test(`${(error as NodeJS.ErrnoException).code} ${String(error)}`);
  if (!isAway && !state.startsWith('28') && !state.startsWith('3D')) return error;
  return new Failure(EXIT.unavailable, `The database cannot be used: ${(error as Error).message}`, {
    remedy: 'Check TRUEUP_DATABASE_URL.',
  });
}

function environmentOf(
  { brokers, databaseUrl, apiUrl }: Deployment,
  { role, password }: LedgerPlace,
  token: string | null,
): Record<string, string> {
  const url = new URL(databaseUrl);
  url.username = role;
  url.password = password ?? '';
  return {
    TRUEUP_KAFKA_BROKERS: brokers.join(','),
    ...(apiUrl !== null && { TRUEUP_API_URL: apiUrl }),
    TRUEUP_ADMIN_PORT: '9464',
    ...(password !== null && { TRUEUP_DATABASE_URL: url.href }),
    ...(token !== null && { TRUEUP_SERVICE_TOKEN: token }),
  };
}
