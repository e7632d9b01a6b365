import { claimKey, keepAnswer } from '@trueup/access';
import type { IdempotentRequest } from '@trueup/access';
import { canonicalJson } from '@trueup/contracts';
import { inTransaction } from '@trueup/persistence';
import type { DataSource, EntityManager } from 'typeorm';
import type { Principal } from './caller.js';
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

/**
 * Runs the work of a POST in one transaction, at most once per tenant, route and key. A repeat gets the first answer again;
 * the same key with another body is refused.
 */
export async function onceByKey<T>(
  db: DataSource,
  request: KeyedRequest,
  work: (tx: EntityManager) => Promise<KeyedAnswer<T>>,
): Promise<T> {
  const { key } = request;
  if (key === undefined) return (await inTransaction(db, work)).body;
  return inTransaction(db, (tx) => workOnce(tx, toRequest(request, key), work));
}

async function workOnce<T>(
  tx: EntityManager,
  request: IdempotentRequest,
  work: (tx: EntityManager) => Promise<KeyedAnswer<T>>,
): Promise<T> {
  const claim = await claimKey(tx, request);
  if (claim.state === 'repeat') return claim.body as T;
  if (claim.state === 'mismatch') {
    throw new ProblemError('idempotency-mismatch', 'Nothing was done. Use a new Idempotency-Key for a new request.');
  }
  const answer = await work(tx);
  await keepAnswer(tx, request, 201, answer.repeatable ?? answer.body);
  return answer.body;
}

function toRequest(request: KeyedRequest, key: string): IdempotentRequest {
  const { caller, route, body, at } = request;
  return { tenantId: caller.tenantId, route, key, content: canonicalJson(body), at };
}
