import type { Hold, Reach } from '@trueup/contracts';
import { reachCondition } from '../reach-condition.js';
import type { SqlRunner } from '../sql-runner.js';

export interface HoldPage {
  /** The id after which the page begins. */
  after?: string;
  limit: number;
  holdId?: string;
}

/** A hold is one agreement line at one version, or at one content that a guard kept from becoming a version. */
const holdId = `'hold_' || substr(l.agreement_line_key, 4) || '_' || coalesce(substr(l.held_hash, 1, 16), l.version::text)`;

type Row = Omit<Hold, 'message' | 'theirs' | 'since' | 'releasedBy' | 'note'> & {
  message: string | null;
  theirs: Hold['theirs'] | 'unreadable' | null;
  since: Date | null;
  actor: { id?: string; name?: string } | null;
  note: string | null;
};

/** What waits for a person, in id order; with name and note when somebody has released it and that is being carried out. */
export async function listHolds(db: SqlRunner, tenantId: string, reach: Reach, page: HoldPage): Promise<Hold[]> {
  const parameters: unknown[] = [tenantId, page.after ?? '', page.limit, page.holdId ?? null];
  const outside = `not (${reachCondition(reach, { customer: 'p.customer_code', tenant: 'p.tenant_id' }, parameters)})`;
  const rows = await db.query<Row[]>(
    `select h.*, r.actor, r.note from (
       select ${holdId} as id, l.connection_id as "connectionId", l.agreement_line_key as "agreementLineKey", l.code, l.message,
         l.steps as ours, l.held->'steps' as theirs, l.state_at as since
       from control.agreement_line l join control.connection c on c.id = l.connection_id and c.deleted_at is null
       where l.tenant_id = $1 and l.state = 'held'
         and exists (select 1 from control.agreement_line_part p where p.connection_id = l.connection_id
           and p.agreement_line_key = l.agreement_line_key and not p.is_left)
         and not exists (select 1 from control.agreement_line_part p where p.connection_id = l.connection_id
           and p.agreement_line_key = l.agreement_line_key and ${outside})) as h
     left join control.hold_release r on r.hold_id = h.id
     where h.id collate "C" > $2 and ($4::text is null or h.id = $4) order by h.id collate "C" limit $3`,
    parameters,
  );
  return rows.map(toHold);
}

function toHold(row: Row): Hold {
  const { message, theirs, since, actor, note, ...rest } = row;
  return {
    ...rest,
    message: message ?? '',
    ...(Array.isArray(theirs) && { theirs }),
    since: since?.toISOString() ?? '',
    ...(actor && { releasedBy: actor.name ?? actor.id ?? 'unknown' }),
    ...(note !== null && { note }),
  };
}
