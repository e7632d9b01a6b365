import { type FieldError, type Guard, fieldErrorsOf, guard } from '@trueup/contracts';
import { guardProblem } from '@trueup/domain';
import { appendCommand } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import { lockSettings } from '../settings-lock.js';
import type { SqlRunner } from '../sql-runner.js';

/** The tenant's guards in the order in which they were given. */
export async function listGuards(db: SqlRunner, tenantId: string): Promise<Guard[]> {
  const rows = await db.query<{ content: Guard }[]>('select content from control.guard where tenant_id = $1 order by position', [
    tenantId,
  ]);
  return rows.map((row) => row.content);
}

/** Replaces the tenant's guards and has every line decided again. Pointers of the errors index the list. */
export async function putGuards(
  tx: EntityManager,
  tenantId: string,
  wanted: readonly Guard[],
): Promise<{ guards: Guard[] } | { errors: FieldError[] }> {
  await lockSettings(tx, tenantId);
  const errors = wanted.flatMap((one, index) => errorsOf(one, index, wanted));
  if (errors.length > 0) return { errors };
  await tx.query('delete from control.guard where tenant_id = $1', [tenantId]);
  for (const [position, one] of wanted.entries()) {
    await tx.query('insert into control.guard (tenant_id, id, position, content) values ($1, $2, $3, $4)', [
      ...[tenantId, one.id, position, JSON.stringify(one)],
    ]);
  }
  await appendCommand(tx, 'control', { tenantId, kind: 'guards-changed', payload: {} });
  return { guards: await listGuards(tx, tenantId) };
}

function errorsOf(one: Guard, index: number, all: readonly Guard[]): FieldError[] {
  const parsed = guard.safeParse(one);
  if (!parsed.success) return fieldErrorsOf(parsed.error, `/${index}`);
  if (all.findIndex((other) => other.id === one.id) < index)
    return [{ pointer: `/${index}/id`, detail: 'Repeats an earlier id' }];
  const problem = guardProblem(parsed.data);
  return problem === null ? [] : [{ pointer: `/${index}/${problem.member}`, detail: problem.detail }];
}
