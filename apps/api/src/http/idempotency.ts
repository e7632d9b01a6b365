import { claimKey, keepAnswer } from '@trueup/access';
import type { IdempotentRequest } from '@trueup/access';
import { canonicalJson } from '@trueup/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { decide } from '../audit/decide.js';
import type { Principal } from './caller.js';
import { noteReplay } from './handled-request.js';
import { ProblemError } from './problem-error.js';

/** One POST that may carry an `Idempotency-Key`. */
export interface KeyedRequest {
  caller: Principal;
  route: string;
  key: string | undefined;
  body: unknown;
  at: Date;
}

/** What a POST answers: `body` now, `repeatable` when the same key comes again (it must not hold a secret; the body by default). */
export interface KeyedAnswer<T> {
  body: T;
  repeatable?: unknown;
}

interface DoneOnce<T> extends KeyedAnswer<T> {
  isRepeat?: boolean;
}

/**
 * Runs the work of a POST in one transaction, at most once per tenant, route and key. A repeat gets the first answer again;
 * the same key with another body is refused, and so is one whose first request is still at work.
 */
export async function onceByKey<T>(
  db: DataSource,
  request: KeyedRequest,
  work: (tx: EntityManager) => Promise<KeyedAnswer<T>>,
): Promise<T> {
  const { key } = request;
  const once = (tx: EntityManager): Promise<DoneOnce<T>> =>
    key === undefined ? work(tx) : workOnce(tx, toRequest(request, key), work);
  const done = await decide<DoneOnce<T>>(db, once, { isChange: ({ isRepeat }) => !isRepeat, subject: madeIds });
  return done.body;
}

async function workOnce<T>(
  tx: EntityManager,
  request: IdempotentRequest,
  work: (tx: EntityManager) => Promise<KeyedAnswer<T>>,
): Promise<DoneOnce<T>> {
  const claim = await claimKey(tx, request);
  if (claim.state === 'repeat') {
    noteReplay();
    return { body: claim.body as T, isRepeat: true };
  }
  if (claim.state === 'running') {
    throw new ProblemError('idempotency-in-progress', 'The first request with this Idempotency-Key is still at work; ask again.');
  }
  if (claim.state === 'mismatch') {
    throw new ProblemError('idempotency-mismatch', 'Nothing was done. Use a new Idempotency-Key for a new request.');
  }
  const answer = await work(tx);
  await keepAnswer(tx, request, 201, answer.repeatable ?? answer.body);
  return answer;
}

/** The ids that the work made, for the audit. */
function madeIds({ body, repeatable = body }: KeyedAnswer<unknown>): Record<string, string> {
  const ids = Object.entries(repeatable ?? {}).filter(([name, value]) => /^id$|Id$/.test(name) && typeof value === 'string');
  return Object.fromEntries(ids) as Record<string, string>;
}

function toRequest(request: KeyedRequest, key: string): IdempotentRequest {
  const { caller, route, body, at } = request;
  const { tenantId, reach } = caller;
  // An answer may show what another reach may not see: the same key from there is another request.
  const content = canonicalJson(reach === 'tenant' ? body : { reach, body });
  return { tenantId, route, key, content, at };
}
