import { textArray } from '../projection/text-array.js';
import type { SqlRunner } from '../sql-runner.js';

/** An identity within one tenant, as ingest asks for it. */
export interface EventIdentity {
  source: string;
  id: string;
}

export interface KnownEvent extends EventIdentity {
  fingerprint: string;
}

/**
 * Which of these identities the event store already holds, with the fingerprint of what it holds. May miss what is still on its way:
 * the projector decides, this only lets ingest answer sooner.
 */
export async function findKnownEvents(
  database: SqlRunner,
  tenantId: string,
  identities: readonly EventIdentity[],
): Promise<KnownEvent[]> {
  if (identities.length === 0) return [];
  return database.query(
    `select e.source, e.event_id as id, e.fingerprint from billing.event e
     join unnest($2::text[], $3::text[]) as k(source, event_id) on e.source = k.source and e.event_id = k.event_id
     where e.tenant_id = $1`,
    [tenantId, textArray(identities.map(({ source }) => source)), textArray(identities.map(({ id }) => id))],
  );
}
