import type { StateProblem } from '../admin/psa-model.js';
import type { JsonValue, PsaRecord } from '../admin/record-table.js';
import type { RecordTables } from '../admin/record-tables.js';
import { type AutotaskRecords, stateKeyOf } from './autotask-state.js';
import { completeCharge } from './charges.js';
import { entities } from './entities/entities.js';
import type { Entity } from './entities/entity.js';
import { toFieldValue } from './field-values.js';
import type { RowEnd } from './unit-rows.js';
import { completeContractService, completeUnitRow, generateRows } from './load-lines.js';

type Given = Readonly<Record<string, unknown>>;

/** What a record holds when the state does not say. */
const DEFAULTS: Readonly<Record<string, PsaRecord>> = {
  Companies: { companyType: 1, isActive: true },
  Contracts: {
    contractType: 7,
    contractPeriodType: 2,
    status: 1,
    timeReportingRequiresStartAndStopTimes: 0,
  },
  BillingCodes: { isActive: true },
  Products: { isActive: true, isSerialized: false },
  ContractCharges: { chargeType: 1, unitQuantity: 1, isBillableToCompany: true },
  Services: { periodType: 2, isActive: true, unitPrice: 0 },
};

/** Fields of the sandbox's own that the API never shows. */
const OWN_FIELDS: Readonly<Record<string, readonly string[]>> = {
  Companies: ['internalCurrencyRate'],
  ContractServices: ['units'],
  ContractServiceUnits: ['rate', 'costRate'],
};

/** Puts a state's records into tables: complete, with rows generated where only `units` is given. After problems the tables are spoilt. */
export function loadRecords(state: AutotaskRecords, rowEnd: RowEnd, tables: RecordTables): StateProblem[] {
  const problems = entities.flatMap((entity) => {
    const given = state[stateKeyOf(entity)];
    return given.flatMap((values, index) => load(entity, values, `/${stateKeyOf(entity)}/${index}`, tables));
  });
  if (problems.length === 0) generateRows(state.contractServices, rowEnd, tables);
  return problems;
}

function load(entity: Entity, values: Given, pointer: string, tables: RecordTables): StateProblem[] {
  const problems = [
    ...unknownFields(entity, values),
    ...wrongOwnFields(entity, values),
    ...entity.fields.flatMap((field) => {
      const value = values[field.name] ?? null;
      if (toFieldValue(field, value) === undefined) return [{ pointer: field.name, detail: `must be a ${field.type}` }];
      const isBroken = field.references !== undefined && value !== null && !tables.get(field.references, Number(value));
      return isBroken ? [{ pointer: field.name, detail: `refers to nothing in ${field.references}` }] : [];
    }),
  ];
  if (problems.length === 0) tables.put(entity.path, complete(entity, toRecord(entity, values), tables));
  return problems.map((problem) => ({ ...problem, pointer: `${pointer}/${problem.pointer}` }));
}

function unknownFields(entity: Entity, values: Given): StateProblem[] {
  const known = new Set([
    ...entity.fields.map(({ name }) => name),
    ...(OWN_FIELDS[entity.path] ?? []),
    ...(entity.hasUserDefinedFields ? ['userDefinedFields'] : []),
  ]);
  const unknown = Object.keys(values).filter((name) => !known.has(name));
  return unknown.map((name) => ({ pointer: name, detail: `is no field of ${entity.name}` }));
}

function wrongOwnFields({ path }: Entity, values: Given): StateProblem[] {
  const given = (OWN_FIELDS[path] ?? []).filter((name) => values[name] !== undefined);
  const isRight = (name: string) => (name === 'units' ? Number.isSafeInteger(values[name]) : Number.isFinite(values[name]));
  return given.filter((name) => !isRight(name)).map((name) => ({ pointer: name, detail: 'must be a number, units a whole one' }));
}

function toRecord(entity: Entity, values: Given): PsaRecord {
  const own = (OWN_FIELDS[entity.path] ?? []).filter((name) => name in values && name !== 'units');
  const entries = [
    ...entity.fields.map((field) => [field.name, toFieldValue(field, values[field.name] ?? null)!] as const),
    ...own.map((name) => [name, values[name] as JsonValue] as const),
  ];
  const given = entries.filter(([name, value]) => value !== null || !(name in (DEFAULTS[entity.path] ?? {})));
  const userDefinedFields = (values['userDefinedFields'] ?? []) as JsonValue;
  return {
    ...DEFAULTS[entity.path],
    ...Object.fromEntries(given),
    ...(entity.hasUserDefinedFields ? { userDefinedFields } : {}),
  };
}

function complete(entity: Entity, record: PsaRecord, tables: RecordTables): PsaRecord {
  if (entity.path === 'ContractServices') return completeContractService(record, tables);
  if (entity.path === 'ContractCharges') return completeCharge(record, tables);
  return entity.path === 'ContractServiceUnits' ? completeUnitRow(record, tables) : record;
}
