import { type ManualChange, type Reach, type Step, type WorkItem, levelOn } from '@trueup/contracts';
import { reachCondition } from '../reach-condition.js';
import type { SqlRunner } from '../sql-runner.js';

export interface WorkItemPage {
  /** The id after which the page begins. */
  after?: string;
  limit: number;
  workItemId?: string;
}

/** A work item is one agreement line at one version. */
const workItemId = `'wi_' || substr(l.agreement_line_key, 4) || '_' || l.version::text`;

/** The newest outcome of the version, which says what a person is to do. */
const toldManual = `select o.content from control.outcome o where o.connection_id = l.connection_id
  and o.agreement_line_key = l.agreement_line_key and o.version = l.version and o.kind = 'manual'
  order by o.recorded_at desc, o.attempt desc limit 1`;

type Row = Pick<
  WorkItem,
  'id' | 'connectionId' | 'agreementLineKey' | 'customerCodes' | 'billingIdentifier' | 'productRef' | 'sku' | 'lineRef'
> & {
  agreementRef: string;
  siteRef: string;
  message: string | null;
  manual: ManualChange | null;
  steps: Step[];
  theirs: Step[] | 'unreadable' | null;
  since: Date | null;
  actor: { id?: string; name?: string } | null;
  note: string | null;
};

/**
 * What a person must do because a PSA's API cannot, in id order; with name and note when somebody has done it and that is being taken up.
 * What was only previewed is nothing to do. A line that sums customers outside the reach is not shown.
 */
export async function listWorkItems(db: SqlRunner, tenantId: string, reach: Reach, page: WorkItemPage): Promise<WorkItem[]> {
  const parameters: unknown[] = [tenantId, page.after ?? '', page.limit, page.workItemId ?? null];
  const outside = `not (${reachCondition(reach, { customer: 'p.customer_code', tenant: 'p.tenant_id' }, parameters)})`;
  const ofLine = 'p.connection_id = l.connection_id and p.agreement_line_key = l.agreement_line_key';
  const rows = await db.query<Row[]>(
    `select w.*, r.actor, r.reason as note from (
       select ${workItemId} as id, l.connection_id as "connectionId", l.agreement_line_key as "agreementLineKey",
         l.billing_identifier as "billingIdentifier", l.agreement_ref as "agreementRef", l.product_ref as "productRef",
         l.site_ref as "siteRef", l.sku, l.line_ref as "lineRef", l.message, (${toldManual})->'manual' as manual, l.steps,
         l.held->'steps' as theirs, l.state_at as since,
         (select array_agg(distinct p.customer_code order by p.customer_code) from control.agreement_line_part p
           where ${ofLine} and not p.is_left) as "customerCodes"
       from control.agreement_line l join control.connection c on c.id = l.connection_id and c.deleted_at is null
       where l.tenant_id = $1 and l.state = 'manual' and l.outcome_kind = 'manual' and not l.is_blocked and not l.is_preview
         and exists (select 1 from control.agreement_line_part p where ${ofLine} and not p.is_left)
         and not exists (select 1 from control.agreement_line_part p where ${ofLine} and ${outside})) as w
     left join control.resolution r on r.work_item_id = w.id
     where w.id collate "C" > $2 and ($4::text is null or w.id = $4) order by w.id collate "C" limit $3`,
    parameters,
  );
  return rows.map(toWorkItem);
}

function toWorkItem({ manual, steps, theirs, message, since, actor, note, agreementRef, siteRef, ...rest }: Row): WorkItem {
  const { recordIds = [], ...change } = manual ?? toldByLevels(steps, theirs);
  return {
    ...rest,
    ...(agreementRef && { agreementRef }),
    ...(siteRef && { siteRef }),
    ...change,
    recordIds,
    why: message ?? '',
    since: since?.toISOString() ?? '',
    ...(actor && { doneBy: actor.name ?? actor.id ?? 'unknown' }),
    ...(note !== null && { note }),
  };
}

/** Where the connector does not say what is to be done: the line's last step, from what it showed on that day. */
function toldByLevels(steps: Step[], theirs: Row['theirs']): Omit<ManualChange, 'from'> & { from?: string } {
  const { from: effectiveDate, quantity: to } = steps.at(-1)!;
  return { effectiveDate, to, ...(Array.isArray(theirs) && { from: levelOn(theirs, effectiveDate) }) };
}
