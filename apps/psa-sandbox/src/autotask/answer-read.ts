import type { PsaAnswer } from '../admin/psa-call.js';
import type { PsaRecord } from '../admin/record-table.js';
import { isHiddenFrom } from './api-users.js';
import type { AutotaskContext } from './autotask-context.js';
import type { Entity } from './entities/entity.js';
import { toWireRecord } from './field-values.js';
import type { RememberedPage } from './query/page-memory.js';
import { parseQueryRequest, type QueryRequest } from './query/query-request.js';
import { answerPage, matchingRecords } from './query/run-query.js';
import { refuse, Refusal, refuseValue, wrongVerb } from './refusal.js';
import { jsonObjectOf } from './request-body.js';
import { parameter } from './zone-information.js';

const LONGEST_URL = 2048;

/** Answers a query's first page; the condition comes as body of a POST or in the URL of a GET. */
export function answerQuery(context: AutotaskContext, entity: Entity): PsaAnswer {
  const request = queryRequestOf(context, entity);
  const page = { entityPath: entity.path, request, method: context.call.method, afterId: 0, previous: null };
  return ok(pageOf(context, entity, page, null));
}

/** Answers how many records a query matches. */
export function answerCount(context: AutotaskContext, entity: Entity): PsaAnswer {
  return ok({ queryCount: visibleRecords(context, entity, queryRequestOf(context, entity)).length });
}

/** Answers a further page, to the method of the first call alone. */
export function answerNextPage(context: AutotaskContext, entity: Entity): PsaAnswer {
  const { call, pages } = context;
  const token = parameter(call.query, 'paging') ?? '';
  const page = pages.find(token);
  if (page && page.method !== call.method) throw wrongVerb(call.method);
  if (!page || page.entityPath !== entity.path) return refuse('The page is no longer available.');
  return ok(pageOf(context, entity, page, token));
}

/** Answers one record by id; a missing one is no error. */
export function answerRecord(context: AutotaskContext, entity: Entity, id: number, parentId?: number): PsaAnswer {
  const record = isHiddenFrom(context.user, entity) ? undefined : context.tables.get(entity.path, id);
  const isElsewhere = parentId !== undefined && record?.[entity.child!.parentField] !== parentId;
  return ok({ item: record && !isElsewhere ? toWireRecord(entity, record) : null });
}

/** Answers the records under one contract. */
export function answerChildren(context: AutotaskContext, entity: Entity, parentId: number): PsaAnswer {
  const filter = [{ op: 'eq', field: entity.child!.parentField, value: parentId }];
  const request = parseQueryRequest(entity, { filter });
  const page = { entityPath: entity.path, request, method: 'GET', afterId: 0, previous: null };
  return ok(pageOf(context, entity, page, null));
}

function pageOf(context: AutotaskContext, entity: Entity, page: RememberedPage, token: string | null): object {
  const { call, path, pages } = context;
  const address = { method: call.method, collectionUrl: `${call.origin}${path.base}/${entity.path}` };
  return answerPage(visibleRecords(context, entity, page.request), entity, page, token, pages, address);
}

function visibleRecords(context: AutotaskContext, entity: Entity, request: QueryRequest): PsaRecord[] {
  return isHiddenFrom(context.user, entity) ? [] : matchingRecords(context.tables, entity, request);
}

function queryRequestOf({ call }: AutotaskContext, entity: Entity): QueryRequest {
  if (call.method === 'POST') return parseQueryRequest(entity, jsonObjectOf(call));
  if (`${call.path}?${call.query.toString()}`.length > LONGEST_URL) throw new Refusal({ status: 404 });
  const search = parameter(call.query, 'search') ?? '';
  try {
    return parseQueryRequest(entity, JSON.parse(search));
  } catch (error) {
    // What is no JSON is refused in the API's words; refusals of the query itself stay as they are.
    return error instanceof Refusal ? rethrow(error) : refuseValue(search, 'search');
  }
}

function rethrow(refusal: Refusal): never {
  throw refusal;
}

function ok(body: object): PsaAnswer {
  return { status: 200, body };
}
