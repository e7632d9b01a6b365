import { textOf } from '../admin/text-of.js';
import type { PsaAnswer } from '../admin/psa-call.js';
import { toWireDateTime } from './plain-date.js';
import { adjustUnits } from './adjust-units.js';
import { addCharge, changeCharge, deleteCharge } from './charges.js';
import { isHiddenFrom } from './api-users.js';
import type { AutotaskContext } from './autotask-context.js';
import { checkWindow, contractWindow, moveRowsToEnd } from './contract-dates.js';
import { addContractService, repriceContractService } from './contract-service-records.js';
import type { Entity, WriteVerb } from './entities/entity.js';
import { canonicalValues } from './field-values.js';
import { refuse, wrongVerb } from './refusal.js';
import { jsonObjectOf } from './request-body.js';
import { newRecord, updatedRecord } from './write-record.js';

type Values = Readonly<Record<string, unknown>>;

/** Answers a write to a collection, under its root path or under its contract. */
export function answerWrite(context: AutotaskContext, entity: Entity, parentId?: number): PsaAnswer {
  const verb = context.call.method as WriteVerb;
  const allowed = parentId === undefined ? entity.rootVerbs : (entity.child?.verbs ?? []);
  if (!allowed.includes(verb)) throw wrongVerb(verb);
  checkPermission(context, entity);
  const values = valuesOf(context, entity, parentId);
  const itemId = verb === 'POST' ? create(context, entity, values) : update(context, entity, values, verb);
  return { status: 200, body: { itemId } };
}

/** Answers a DELETE under a contract; the root paths know none. */
export function answerDelete(context: AutotaskContext, entity: Entity, parentId: number, id: number): PsaAnswer {
  if (!entity.child?.verbs.includes('DELETE')) throw wrongVerb('DELETE');
  checkPermission(context, entity);
  deleteCharge(context, parentId, id);
  return { status: 200, body: { itemId: id } };
}

function checkPermission({ user }: AutotaskContext, entity: Entity): void {
  if (!isHiddenFrom(user, entity)) return;
  refuse(`The logged in Resource does not have the adequate permissions to write this ${entity.name}.`);
}

function valuesOf({ call }: AutotaskContext, entity: Entity, parentId: number | undefined): Values {
  const values = canonicalValues(entity, jsonObjectOf(call));
  const field = entity.child?.parentField;
  if (parentId === undefined || field === undefined) return values;
  const given = values[field] ?? parentId;
  if (given !== parentId) refuse(`${field} must be the id of the parent in the path.`);
  return { ...values, [field]: parentId };
}

function create(context: AutotaskContext, entity: Entity, values: Values): number | null {
  const { tables, switches } = context;
  if (entity.path === 'ContractServiceAdjustments') {
    const id = adjustUnits(context, values);
    return switches.adjustmentItemId === 'number' ? id : null;
  }
  if (entity.path === 'ContractServices') return addContractService(context, values);
  if (entity.path === 'ContractCharges') return addCharge(context, values);
  const record = newRecord(entity, values, tables);
  if (entity.path === 'Contracts') checkWindow(record, undefined, tables);
  if (entity.path === 'Services') checkServiceName(context, record['name'], record['id']);
  tables.put(entity.path, { ...record, ...stamps(context, entity, 'createDate') });
  return Number(record['id']);
}

function update(context: AutotaskContext, entity: Entity, values: Values, verb: 'PUT' | 'PATCH' | 'DELETE'): number {
  const { tables } = context;
  if (verb === 'DELETE') throw wrongVerb(verb);
  const before = tables.get(entity.path, Number(values['id']));
  const record = updatedRecord(entity, values, tables, verb);
  if (entity.path === 'ContractCharges') return changeCharge(context, record);
  if (entity.path === 'ContractServices') {
    repriceContractService(tables, record);
    return Number(record['id']);
  }
  if (entity.path === 'Contracts') checkWindow(record, before, tables);
  if (entity.path === 'Services') checkServiceName(context, record['name'], record['id']);
  tables.put(entity.path, { ...record, ...stamps(context, entity) });
  const isEndMoved = before && entity.path === 'Contracts' && contractWindow(before).end !== contractWindow(record).end;
  if (isEndMoved) moveRowsToEnd(record, tables);
  return Number(record['id']);
}

function stamps({ now }: AutotaskContext, { path }: Entity, ...also: string[]): Record<string, string> {
  const names = path === 'Services' ? ['lastModifiedDate', ...also] : [];
  return Object.fromEntries(names.map((name) => [name, toWireDateTime(now)]));
}

function checkServiceName({ tables }: AutotaskContext, name: unknown, id: unknown): void {
  const wanted = String(name).toLowerCase();
  const isTaken = tables.all('Services').some((service) => {
    return service['id'] !== id && textOf(service['name']).toLowerCase() === wanted;
  });
  if (isTaken) {
    refuse("Violation of UNIQUE KEY constraint 'IX_service'. Cannot insert duplicate key in object 'dbo.Service'.");
  }
}
