import type { Actor, AgreementLine, ConnectionSettings, Outcome, Reach } from '@trueup/contracts';
import { findConnection } from '../connections/find-connections.js';
import { type StoredResolution, resolutionsOf } from '../decisions/resolutions.js';
import { type ShownRemap, shownRemaps } from '../remaps/shown-remaps.js';
import type { SqlRunner } from '../sql-runner.js';
import { listAgreementLines } from './list-agreement-lines.js';

export interface AgreementLineExplain {
  line: AgreementLine;
  /** Parts plus offset and floor equal `quantity`, the level that holds until further notice. */
  quantity: string;
  /** What the quantities of the parts count: units held at the end, at any moment of the period, or at most at one moment. */
  counting: ConnectionSettings['counting'];
  parts: {
    lineKey: string;
    customerCode: string;
    sku: string;
    targetVersion: number;
    quantity: string;
    mappedFrom: string;
    isLeft: boolean;
  }[];
  /** Units beyond the rows that a person adopted. */
  offset: string;
  /** Units that a floor adds. */
  floor: string;
  /** What people decided about the line, newest first; an adopted offset has its units and days. */
  resolutions: {
    choice: StoredResolution['choice'];
    cause: StoredResolution['cause'];
    units: string | null;
    reason: string;
    from: string;
    to: string | null;
    actor: Actor;
    at: string;
  }[];
  /** Lines that came here or left, newest first. */
  remaps: ShownRemap[];
  /** The newest outcomes, at most 50, newest first. */
  outcomes: Outcome[];
}

/** Why an agreement line has its quantity; null when there is none within the reach. */
export async function explainAgreementLine(
  db: SqlRunner,
  ref: { tenantId: string; connectionId: string; agreementLineKey: string; reach: Reach },
): Promise<AgreementLineExplain | null> {
  const [line] = await listAgreementLines(db, { ...ref, limit: 1 });
  if (!line) return null;
  const parts = await db.query<AgreementLineExplain['parts']>(
    `select p.line_key as "lineKey", p.customer_code as "customerCode", l.sku, p.target_version::int as "targetVersion",
       p.steps->-1->>'quantity' as quantity, p.mapped_from as "mappedFrom", p.is_left as "isLeft"
     from control.agreement_line_part p join control.line_part l using (line_key)
     where p.tenant_id = $1 and p.connection_id = $2 and p.agreement_line_key = $3 order by p.customer_code, p.line_key collate "C"`,
    [ref.tenantId, ref.connectionId, ref.agreementLineKey],
  );
  const outcomes = await db.query<{ content: Outcome }[]>(
    `select content from control.outcome where tenant_id = $1 and connection_id = $2 and agreement_line_key = $3
     order by version desc, recorded_at desc, attempt desc limit 50`,
    [ref.tenantId, ref.connectionId, ref.agreementLineKey],
  );
  const quantity = line.ours.at(-1)?.quantity ?? '0';
  const connection = await findConnection(db, ref.tenantId, ref.connectionId);
  const [floor] = await db.query<{ units: string }[]>(
    'select floor_units as units from control.agreement_line where connection_id = $1 and agreement_line_key = $2',
    [ref.connectionId, ref.agreementLineKey],
  );
  const resolutions = await resolutionsOf(db, ref.tenantId, ref);
  return {
    line,
    quantity,
    counting: connection?.settings.counting ?? 'active',
    parts,
    offset: line.offset,
    floor: floor?.units ?? '0',
    resolutions: resolutions.map(toShown),
    remaps: await shownRemaps(db, ref),
    outcomes: outcomes.map((row) => row.content),
  };
}

function toShown({
  choice,
  cause,
  units,
  reason,
  from,
  to,
  actor,
  at,
}: StoredResolution): AgreementLineExplain['resolutions'][number] {
  return { choice, cause, units, reason, from, to, actor, at: at.toISOString() };
}
