import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lines on their way from one agreement line to another. */
export class AddRemaps1795392000005 implements MigrationInterface {
  readonly name = 'AddRemaps1795392000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create table control.remap (
         id text primary key,
         tenant_id text not null,
         connection_id text not null,
         line_key text not null references control.line_part (line_key),
         from_key text collate "C" not null,
         to_key text collate "C" not null,
         moved_from date not null,
         lowered_version int,
         taken_on date,
         is_over boolean not null default false,
         created_at timestamptz not null,
         foreign key (connection_id, from_key) references control.agreement_line (connection_id, agreement_line_key),
         foreign key (connection_id, to_key) references control.agreement_line (connection_id, agreement_line_key)
       )`,
    );
    await runner.query('create index remap_from on control.remap (connection_id, from_key) where not is_over');
    await runner.query('create index remap_to on control.remap (connection_id, to_key) where not is_over');
    await runner.query('create index remap_line on control.remap (line_key) where not is_over');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table control.remap');
  }
}
