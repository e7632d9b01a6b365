import { describeDecisions } from '../testing/decisions.behaviour.js';
import { describeDelivery } from '../testing/delivery.behaviour.js';
import { describeLeftOver } from '../testing/left-over-accounts.behaviour.js';
import type { Outcome } from '@trueup/contracts';
import { openDatabase } from '@trueup/persistence';
import { startedPostgres } from '@trueup/testing';
import type { DataSource } from 'typeorm';
import { ledgerSchema, ledgerSchemaName } from '../ledger/ledger-schema.js';
import { toLedgerWrite, toLineRow, type LineColumns, type WriteColumns } from '../ledger/line-columns.js';
import { PostgresLedger } from '../ledger/postgres-ledger.js';
import { PACE, type LedgerUnderTest } from '../testing/ledger-under-test.js';

const KIND = 'scripted';
const SCHEMA = ledgerSchemaName(KIND);
let opened: Promise<DataSource> | undefined;

/** One database for all specs of a file; connections keep them apart. */
function database(): Promise<DataSource> {
  opened ??= startedPostgres().then(({ url }) => openDatabase({ url, applicationName: 'spec', schemas: [ledgerSchema(KIND)] }));
  return opened;
}

async function postgresLedgerUnderTest(connectionId: string): Promise<LedgerUnderTest> {
  const db = await database();
  const ledger = new PostgresLedger(db, SCHEMA, PACE);
  return {
    ledger,
    outcomes: async () => {
      const rows = await db.query<{ value: string }[]>(`select value from "${SCHEMA}".outbox order by id`);
      return rows.map((row) => JSON.parse(row.value) as Outcome).filter((outcome) => outcome.connectionId === connectionId);
    },
    writes: async (key) => {
      const rows = await db.query<WriteColumns[]>(
        `select * from "${SCHEMA}".line_write where connection_id = $1 and agreement_line_key = $2 order by ordinal`,
        [connectionId, key],
      );
      return rows.map(toLedgerWrite);
    },
    line: async (key) => {
      const [row] = await db.query<LineColumns[]>(
        `select * from "${SCHEMA}".desired_line where connection_id = $1 and agreement_line_key = $2`,
        [connectionId, key],
      );
      return row === undefined ? undefined : toLineRow(row);
    },
    loseLease: async (account) => {
      await ledger.heartbeat('another');
      await db.query(
        `update "${SCHEMA}".account_lease set owner = 'another', fence = fence + 1 where connection_id = $1 and billing_identifier = $2`,
        [connectionId, account],
      );
    },
  };
}

describeDelivery('the ledger in Postgres', postgresLedgerUnderTest);
describeDecisions('the ledger in Postgres', postgresLedgerUnderTest);
describeLeftOver('the ledger in Postgres', postgresLedgerUnderTest);
