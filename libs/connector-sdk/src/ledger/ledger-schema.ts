import { outboxDdl, watermarkDdl, type StoreSchema } from '@trueup/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The Postgres schema of one connector kind: `connector_autotask`, `connector_my_psa`. */
export function ledgerSchemaName(kind: string): string {
  return `connector_${kind.replaceAll('-', '_')}`;
}

/** The ledger's schema and migrations for one kind. */
export function ledgerSchema(kind: string): StoreSchema {
  const schema = ledgerSchemaName(kind);
  return { name: schema, migrations: [createLedgerTables(schema), addListAnswers(schema), indexUnsettledWrites(schema)] };
}

function createLedgerTables(schema: string): new () => MigrationInterface {
  return class CreateLedgerTables1795398000000 implements MigrationInterface {
    readonly name = 'CreateLedgerTables1795398000000';

    async up(runner: QueryRunner): Promise<void> {
      for (const statement of ddl(schema)) await runner.query(statement);
    }

    async down(): Promise<void> {
      throw new Error('the ledger says what was sent to the PSA; it is not removed by a migration');
    }
  };
}

function addListAnswers(schema: string): new () => MigrationInterface {
  return class AddListAnswers1795400000000 implements MigrationInterface {
    readonly name = 'AddListAnswers1795400000000';

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(`create table "${schema}".connection_list (connection_id text primary key, answered int not null)`);
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query(`drop table "${schema}".connection_list`);
    }
  };
}

/** Unsettled writes are asked for at every scrape; settled ones are kept for ever. */
function indexUnsettledWrites(schema: string): new () => MigrationInterface {
  return class IndexUnsettledWrites1795400000001 implements MigrationInterface {
    readonly name = 'IndexUnsettledWrites1795400000001';

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(`create index line_write_unsettled on "${schema}".line_write (connection_id, intended_at)
        where state in ('intent', 'acknowledged', 'unknown', 'disputed')`);
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query(`drop index "${schema}".line_write_unsettled`);
    }
  };
}

function ddl(schema: string): string[] {
  return [
    // What each agreement line should be, what we know it to be, and when it is worked on next.
    `create table "${schema}".desired_line (
       connection_id text not null, agreement_line_key text not null, tenant_id text not null, billing_identifier text not null,
       version int not null, change_id text not null, is_preview boolean not null, change jsonb not null, is_gone boolean not null default false,
       is_due boolean not null, due_at timestamptz not null, first_due_at timestamptz not null, waits_on text,
       attempt int not null default 0, last_outcome text, final_kind text,
       baseline jsonb, last_level jsonb,
       primary key (connection_id, agreement_line_key))`,
    `create index desired_line_due on "${schema}".desired_line (connection_id, due_at) where is_due`,
    // Every write: intended, then answered, then settled. A delta is sent at most once.
    `create table "${schema}".line_write (
       write_key text primary key, connection_id text not null, agreement_line_key text not null, version int not null, ordinal int not null,
       state text not null, write jsonb not null, intended_at timestamptz not null, answered_at timestamptz, refusal_code text, answer jsonb,
       is_reported boolean not null default false)`,
    `create index line_write_line on "${schema}".line_write (connection_id, agreement_line_key, ordinal)`,
    // A record of the PSA belongs to one agreement line.
    `create table "${schema}".line_record (
       connection_id text not null, record_id text not null, agreement_line_key text not null, primary key (connection_id, record_id))`,
    `create index line_record_line on "${schema}".line_record (connection_id, agreement_line_key)`,
    // One replica at a time works on an account; the fence tells a late one that it was replaced.
    `create table "${schema}".account_lease (
       connection_id text not null, billing_identifier text not null, owner text, fence bigint not null default 0,
       primary key (connection_id, billing_identifier))`,
    `create table "${schema}".replica (owner text primary key, alive_until timestamptz not null)`,
    `create table "${schema}".connection_check (connection_id text primary key, answered int not null)`,
    `create table "${schema}".quarantine (
       topic text not null, partition int not null, record_offset bigint not null, record_key text, value text, problem text not null,
       recorded_at timestamptz not null, primary key (topic, partition, record_offset))`,
    ...outboxDdl(schema),
    ...watermarkDdl(schema),
  ];
}
