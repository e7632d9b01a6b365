import { inDatabase } from '@trueup/testing/product';
import pg from 'pg';

/** Has the database refuse some events of a tenant, as a constraint that nobody thought of does; `end` takes the refusal back. */
export async function refuseEvents(
  databaseUrl: string,
  tenantId: string,
  ids: readonly string[],
): Promise<{ end(): Promise<void> }> {
  const list = ids.map((id) => pg.escapeLiteral(id)).join(', ');
  await allowEvents(databaseUrl);
  await run(databaseUrl, [
    `create or replace function public.refuse_for_a_fault() returns trigger language plpgsql as $$ begin raise exception 'refused for a fault'; end $$`,
    `create trigger refuse_for_a_fault before insert on billing.event for each row
       when (new.tenant_id = ${pg.escapeLiteral(tenantId)} and new.event_id in (${list})) execute function public.refuse_for_a_fault()`,
  ]);
  return { end: () => allowEvents(databaseUrl) };
}

/** Also after a run that broke off in the middle. */
async function allowEvents(databaseUrl: string): Promise<void> {
  await run(databaseUrl, ['drop trigger if exists refuse_for_a_fault on billing.event']);
}

async function run(databaseUrl: string, statements: readonly string[]): Promise<void> {
  await inDatabase(databaseUrl, async (client) => {
    for (const statement of statements) await client.query(statement);
  });
}
