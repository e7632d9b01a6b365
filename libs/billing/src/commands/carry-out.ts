import { inTransaction, type StoredCommand } from '@trueup/persistence';
import type { DataSource } from 'typeorm';
import { turnPeriods } from '../closing/begin-closing.js';
import { closeByHand } from '../closing/close-by-hand.js';
import { releaseRecord } from '../quarantine/release-record.js';
import { rebuild } from '../rebuild/rebuild.js';
import { reprocess } from '../rebuild/reprocess.js';
import { outlastRules } from '../settings/rules-lock.js';
import { localDateOf, readTenantSettings } from '../settings/tenant-settings.js';
import { type CustomerScope, customersIn } from './customers-in.js';
import { type Rederivation, rederiveCustomers } from './rederive-customers.js';

/** Small customers share a transaction; a lock is held for milliseconds all the same. */
const CUSTOMERS_PER_TRANSACTION = 25;

/** A kind that nobody carries out: a bug in whoever wrote the command. */
export class UnknownCommand extends Error {
  constructor(kind: string) {
    super(`nobody carries out the command ${kind}`);
    this.name = 'UnknownCommand';
  }
}

/**
 * Carries out commands of one tenant and kind, customer by customer in short transactions. Repeating it is harmless: a crash half-way
 * leaves the commands to be carried out again. Returns the number of line targets sent.
 */
export async function carryOut(database: DataSource, commands: readonly StoredCommand[], now: () => Date): Promise<number> {
  const { tenantId, kind } = commands[0]!;
  await outlastRules(database, tenantId);
  if (kind === 'settings-changed') return rederive(database, { tenantId }, { codes: 'all', everyLine: true }, now);
  if (kind === 'catalogue-changed') return rederiveCodes(database, tenantId, commands.flatMap(serviceCodesOf), now);
  if (kind === 'day-started') return startDay(database, tenantId, commands.map(localDateIn).sort().at(0)!, now);
  if (kind === 'release-record') return releaseAll(database, tenantId, commands, now);
  const operate = OPERATIONS[kind];
  if (operate === undefined) throw new UnknownCommand(kind);
  let sent = 0;
  for (const { payload } of commands) sent += await operate(database, { tenantId, ...(payload as OperationPayload) }, now);
  return sent;
}

type OperationPayload = { operationId: string; customerCodes?: string[] };
type Operate = (database: DataSource, what: OperationPayload & { tenantId: string }, now: () => Date) => Promise<number>;

/** What people ask for one by one, and follow. */
const OPERATIONS: Record<string, Operate | undefined> = {
  'close-period': closeByHand,
  'reprocess-period': reprocess,
  rebuild,
};

async function releaseAll(
  database: DataSource,
  tenantId: string,
  commands: readonly StoredCommand[],
  now: () => Date,
): Promise<number> {
  let sent = 0;
  for (const { payload } of commands) {
    sent += await releaseRecord(database, { tenantId, recordId: (payload as { recordId: string }).recordId }, now);
  }
  return sent;
}

/** Opens and begins to close periods, applies catalogue rows that begin, and sends schedules that a new period makes longer. */
async function startDay(database: DataSource, tenantId: string, localDate: string, now: () => Date): Promise<number> {
  const settings = (await readTenantSettings(database, [tenantId])).get(tenantId);
  if (settings === undefined) return 0;
  const today = [localDate, localDateOf(settings, now())].sort().at(-1)!;
  await inTransaction(database, (tx) => turnPeriods(tx, settings, now()));
  const previous = await dayBefore(database, tenantId, localDate);
  const codes = await codesBeginning(database, tenantId, previous, today);
  const hasNewPeriod = settings.calendar.containing(today).start > previous;
  if (hasNewPeriod) return rederive(database, { tenantId }, { codes, everyLine: true }, now);
  return rederiveCodes(database, tenantId, codes, now);
}

function rederiveCodes(database: DataSource, tenantId: string, codes: readonly string[], now: () => Date): Promise<number> {
  return rederive(database, { tenantId, codes }, { codes, everyLine: false }, now);
}

async function rederive(database: DataSource, scope: CustomerScope, what: Rederivation, now: () => Date): Promise<number> {
  let sent = 0;
  for await (const customers of customersIn(database, scope, CUSTOMERS_PER_TRANSACTION)) {
    sent += await inTransaction(database, (tx) => rederiveCustomers(tx, customers, what, now()));
  }
  return sent;
}

/** The last day before this one that was started; a tenant's first day has everything before it. */
async function dayBefore(database: DataSource, tenantId: string, localDate: string): Promise<string> {
  const [row] = await database.query<{ day: string | null }[]>(
    'select max(local_date)::text as day from billing.day_started where tenant_id = $1 and local_date < $2::date',
    [tenantId, localDate],
  );
  return row?.day ?? '0001-01-01';
}

async function codesBeginning(database: DataSource, tenantId: string, after: string, until: string): Promise<string[]> {
  const rows = await database.query<{ code: string }[]>(
    `select distinct service_code as code from billing.catalogue
     where tenant_id = $1 and valid_from > $2::date and valid_from <= $3::date`,
    [tenantId, after, until],
  );
  return rows.map(({ code }) => code);
}

const serviceCodesOf = ({ payload }: StoredCommand): string[] => (payload as { serviceCodes: string[] }).serviceCodes;
const localDateIn = ({ payload }: StoredCommand): string => (payload as { localDate: string }).localDate;
