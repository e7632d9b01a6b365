import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The PSA's accounts and products as connectors listed them, for mapping suggestions. */
export class AddPsaLists1795400000000 implements MigrationInterface {
  readonly name = 'AddPsaLists1795400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table control.connection
      add column list_requested int not null default 0, add column list_answered int not null default 0,
      add column list_problem jsonb`);
    await runner.query(`create table control.psa_list_part (
      tenant_id text not null, connection_id text not null references control.connection (id), list_number int not null, part int not null,
      parts int not null, read_at timestamptz not null, accounts jsonb not null, products jsonb not null,
      primary key (connection_id, list_number, part))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table control.psa_list_part');
    await runner.query(
      `alter table control.connection drop column list_requested, drop column list_answered, drop column list_problem`,
    );
  }
}
