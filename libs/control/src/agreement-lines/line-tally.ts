import type { Quantity } from '@trueup/contracts';
import type { SqlRunner } from '../sql-runner.js';

/** A line's quantity at one moment: units, units removed per period so far, and the lines that a mapping took elsewhere. */
export interface LineLook {
  level: Quantity;
  removed: Record<string, Quantity>;
  movedAway: string[];
}

/** What guards count: the line when the day's run began, as last decided, and as last released (null: never); and its most that day. */
export interface LineTally {
  day: string;
  opening: LineLook;
  highest: Quantity;
  wanted: LineLook;
  released: LineLook | null;
}

export interface CountedAgreementLine {
  connectionId: string;
  agreementLineKey: string;
  billingIdentifier: string;
  sku: string;
  customerCodes: string[];
  tally: LineTally;
}

const LOCK_SPACE = 0x6375;

/** Held to the end of the transaction by whoever counts what all lines of a connection do in a run. */
export async function lockRunCounts(tx: SqlRunner, connectionId: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1::int, hashtext($2))', [LOCK_SPACE, connectionId]);
}

/** All lines of the connection that were ever released or held by a guard. */
export function countedAgreementLines(tx: SqlRunner, connectionId: string): Promise<CountedAgreementLine[]> {
  return tx.query(
    `select l.connection_id as "connectionId", l.agreement_line_key as "agreementLineKey", l.billing_identifier as "billingIdentifier",
       l.sku, l.tally, array(select distinct p.customer_code from control.agreement_line_part p
         where p.connection_id = l.connection_id and p.agreement_line_key = l.agreement_line_key and not p.is_left) as "customerCodes"
     from control.agreement_line l where l.connection_id = $1 and l.tally is not null order by l.agreement_line_key`,
    [connectionId],
  );
}
