import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an import of mappings found and what it left, so that a person can take it back. */
export class AddMappingImports1795398000000 implements MigrationInterface {
  readonly name = 'AddMappingImports1795398000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table control.mapping_import (
       id text primary key,
       tenant_id text not null,
       kind text not null,
       codes text[] not null,
       rows_before jsonb not null,
       rows_after jsonb not null,
       imported_at timestamptz not null,
       imported_by text not null,
       undone_at timestamptz,
       undone_by text
     )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table control.mapping_import');
  }
}
