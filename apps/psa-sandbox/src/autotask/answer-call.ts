import type { PsaAnswer } from '../admin/psa-call.js';
import { answerChildren, answerCount, answerNextPage, answerQuery, answerRecord } from './answer-read.js';
import { answerDelete, answerWrite } from './answer-write.js';
import { type ApiRoute, parseApiRoute } from './api-route.js';
import { type ApiUser, type ApiUsers, isHiddenFrom, unauthorized } from './api-users.js';
import type { AutotaskContext } from './autotask-context.js';
import type { Entity } from './entities/entity.js';
import { entityInformation, fieldInformation, userDefinedFieldInformation } from './entity-information.js';
import { forbidden, Refusal, wrongPath, wrongVerb } from './refusal.js';
import { zoneInformation } from './zone-information.js';

type Below = Extract<ApiRoute, { entity: Entity }>;

/** Answers one call of the API; what ends a call early becomes its answer here. */
export function answerCall(context: AutotaskContext, users: ApiUsers): PsaAnswer {
  try {
    const route = parseApiRoute(context.path);
    if (!route) throw wrongPath(`${context.call.origin}${context.call.path}`);
    return answerRoute(context, route, users);
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
}

function answerRoute(context: AutotaskContext, route: ApiRoute, users: ApiUsers): PsaAnswer {
  if ('entity' in route) return answerEntity({ ...context, user: signIn(context, users) }, route);
  requireGet(context);
  if (route.to === 'zone') return zoneInformation(context, users);
  if (route.to === 'versions') return { status: 200, body: { apiVersions: ['1.0'] } };
  const signedIn = { ...context, user: signIn(context, users) };
  return route.to === 'version' ? { status: 200, body: { version: '1.0' } } : thresholds(signedIn);
}

function signIn({ call, path, switches, isTrusted }: AutotaskContext, users: ApiUsers): ApiUser | undefined {
  if (isTrusted) return undefined;
  const user = users.signIn(call, switches.lockAfterBadLogins);
  const isElsewhere = switches.strictZone && path.zone !== switches.zonePrefix.toLowerCase();
  if (isElsewhere) throw unauthorized();
  return user;
}

function answerEntity(context: AutotaskContext, route: Below): PsaAnswer {
  const { entity } = route;
  if (isForbidden(context, route)) throw forbidden(entity.name);
  if (route.to === 'collection') return answerWrite(context, entity);
  if (route.to === 'children' && context.call.method !== 'GET') return answerWrite(context, entity, route.parentId);
  if (route.to === 'child' && context.call.method === 'DELETE') return answerDelete(context, entity, route.parentId, route.id);
  if (route.to === 'query' || route.to === 'count' || route.to === 'next-page') return answerQueries(context, route.to, entity);
  requireGet(context);
  if (route.to === 'record' || route.to === 'children' || route.to === 'child') return answerById(context, route);
  return { status: 200, body: metadata(context, route) };
}

function metadata({ user, tables }: AutotaskContext, { to, entity }: Below): object {
  if (to === 'information') return entityInformation(entity, isHiddenFrom(user, entity));
  return to === 'fields' ? fieldInformation(entity) : userDefinedFieldInformation(entity, tables);
}

/** What an entity is may be asked by everybody. */
function isForbidden({ user, switches }: AutotaskContext, { to, entity }: Below): boolean {
  if (to === 'information' || to === 'fields' || to === 'user-defined-fields') return false;
  return switches.restrictedAccess === 'forbidden' && isHiddenFrom(user, entity);
}

function answerById(context: AutotaskContext, route: Extract<ApiRoute, { to: 'record' | 'children' | 'child' }>): PsaAnswer {
  const { entity } = route;
  const isReadable = route.to === 'record' ? entity.canQuery : entity.child!.canList;
  if (!isReadable) throw wrongVerb(context.call.method);
  if (route.to === 'children') return answerChildren(context, entity, route.parentId);
  return answerRecord(context, entity, route.id, route.to === 'child' ? route.parentId : undefined);
}

function answerQueries(context: AutotaskContext, to: 'query' | 'count' | 'next-page', entity: Entity): PsaAnswer {
  const { method } = context.call;
  if (!entity.canQuery || (method !== 'GET' && method !== 'POST')) throw wrongVerb(method);
  if (to === 'query') return answerQuery(context, entity);
  return to === 'count' ? answerCount(context, entity) : answerNextPage(context, entity);
}

function requireGet({ call }: AutotaskContext): void {
  if (call.method !== 'GET') throw wrongVerb(call.method);
}

function thresholds({ callsInLastHour, switches }: AutotaskContext): PsaAnswer {
  const body = {
    externalRequestThreshold: switches.hourlyLimit,
    requestThresholdTimeframe: 60,
    currentTimeframeRequestCount: callsInLastHour,
  };
  return { status: 200, body };
}
