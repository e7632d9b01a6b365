import type { Outcome } from '@trueup/contracts';
import { inTransaction } from '@trueup/persistence';
import { crashPoint } from '@trueup/service';
import type { DataSource } from 'typeorm';
import { acceptBatch } from './accept-batch.js';
import type { Pace } from './accept-change.js';
import type { LedgerStep, Recorded } from './apply-step.js';
import { beat, claimLines } from './claim-lines.js';
import type {
  ArrivedBatch,
  ClaimedLine,
  ClaimRequest,
  Ledger,
  OpenWork,
  RequestSort,
  UnsettledWrites,
  WaitingLines,
} from './ledger.js';
import { appendOutcomes } from './outcome-outbox.js';
import { recordStep } from './record-step.js';
import { takeOverRows } from './take-over-rows.js';

/** The ledger in the connector's own schema. */
export class PostgresLedger implements Ledger {
  constructor(
    private readonly database: DataSource,
    private readonly schema: string,
    private readonly pace: Pace,
  ) {}

  async accept(batch: ArrivedBatch, now: Date): Promise<void> {
    crashPoint('connector.accept.before-work');
    await inTransaction(this.database, async (tx) => {
      await acceptBatch(tx, this.schema, batch, now, this.pace);
      crashPoint('connector.accept.before-commit');
    });
    crashPoint('connector.accept.after-commit');
  }

  heartbeat(owner: string): Promise<void> {
    return inTransaction(this.database, (tx) => beat(tx, this.schema, owner));
  }

  async dueConnections(now: Date): Promise<string[]> {
    const rows = await this.database.query<{ connection_id: string }[]>(
      `select distinct connection_id from "${this.schema}".desired_line where is_due and due_at <= $1`,
      [now],
    );
    return rows.map((row) => row.connection_id);
  }

  async nextDueAt(now: Date): Promise<Date | undefined> {
    const [row] = await this.database.query<{ at: Date | null }[]>(
      `select min(due_at) as at from "${this.schema}".desired_line where is_due and due_at > $1`,
      [now],
    );
    return row?.at ?? undefined;
  }

  claim(request: ClaimRequest): Promise<ClaimedLine[]> {
    return inTransaction(this.database, (tx) => claimLines(tx, this.schema, request));
  }

  claimRecords(line: ClaimedLine, recordIds: readonly string[]): Promise<string | undefined> {
    const parameters = [line.connectionId, [...recordIds], line.key];
    return inTransaction(this.database, async (tx) => {
      await tx.query(
        `insert into "${this.schema}".line_record (connection_id, record_id, agreement_line_key)
         select $1, id, $3 from unnest($2::text[]) id order by id on conflict do nothing`,
        parameters,
      );
      const [other] = await tx.query<{ agreement_line_key: string }[]>(
        `select agreement_line_key from "${this.schema}".line_record
         where connection_id = $1 and record_id = any($2::text[]) and agreement_line_key <> $3 limit 1`,
        parameters,
      );
      await tx.query(
        `delete from "${this.schema}".line_record
         where connection_id = $1 and agreement_line_key = $3 and not record_id = any($2::text[])`,
        parameters,
      );
      return other?.agreement_line_key;
    });
  }

  takeOver(line: ClaimedLine, fromKey: string): Promise<ClaimedLine | undefined> {
    return inTransaction(this.database, (tx) => takeOverRows(tx, this.schema, line, fromKey));
  }

  record(line: ClaimedLine, step: LedgerStep): Promise<Recorded> {
    return inTransaction(this.database, async (tx) => {
      const recorded = await recordStep(tx, this.schema, line, step);
      if (step.outcome !== undefined) crashPoint('connector.before-outcome');
      return recorded;
    });
  }

  async release(owner: string, connectionId: string, accounts: readonly string[]): Promise<void> {
    await this.database.query(
      `update "${this.schema}".account_lease set owner = null
       where connection_id = $1 and billing_identifier = any($2::text[]) and owner = $3`,
      [connectionId, accounts, owner],
    );
  }

  async wakeConnection(connectionId: string, now: Date): Promise<void> {
    await this.database.query(
      `update "${this.schema}".desired_line set due_at = $2 where connection_id = $1 and is_due and waits_on = 'settings'`,
      [connectionId, now],
    );
  }

  async answeredRequests(what: RequestSort): Promise<ReadonlyMap<string, number>> {
    const rows = await this.database.query<{ connection_id: string; answered: number }[]>(
      `select connection_id, answered from "${this.schema}".connection_${what}`,
    );
    return new Map(rows.map((row) => [row.connection_id, row.answered]));
  }

  answerRequest(what: RequestSort, connectionId: string, counter: number, outcomes: readonly Outcome[]): Promise<boolean> {
    return inTransaction(this.database, async (tx) => {
      const rows = await tx.query<unknown[]>(
        `insert into "${this.schema}".connection_${what} as c (connection_id, answered) values ($1, $2)
         on conflict (connection_id) do update set answered = excluded.answered where c.answered < excluded.answered returning 1`,
        [connectionId, counter],
      );
      if (rows.length === 0) return false;
      await appendOutcomes(
        tx,
        this.schema,
        outcomes.map((outcome) => ({ outcome, account: '' })),
      );
      return true;
    });
  }

  async openWork(): Promise<OpenWork> {
    const [row] = await this.database.query<{ due: string; unsettled: string }[]>(
      `select count(*) as due, count(*) filter (where waits_on = 'settle') as unsettled from "${this.schema}".desired_line
       where is_due and (waits_on is null or waits_on not in ('date', 'settings'))`,
    );
    return { due: Number(row!.due), unsettled: Number(row!.unsettled) };
  }
  waitingLines(): Promise<WaitingLines[]> {
    return this.database.query(
      `select connection_id as "connectionId", coalesce(waits_on, 'none') as "waitsOn", count(*)::int as lines, min(first_due_at) as "oldestAt"
       from "${this.schema}".desired_line where is_due group by 1, 2`,
    );
  }

  unsettledWrites(): Promise<UnsettledWrites[]> {
    return this.database.query(
      `select connection_id as "connectionId", count(*)::int as writes, min(intended_at) as "oldestAt"
       from "${this.schema}".line_write where state in ('intent', 'acknowledged', 'unknown', 'disputed') group by 1`,
    );
  }
}
