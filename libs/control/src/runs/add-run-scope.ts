import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which period a manual run brings, and whether it only looks. Versions that only looked are no release of their line. */
export class AddRunScope1795402000003 implements MigrationInterface {
  readonly name = 'AddRunScope1795402000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table control.run add column period_id date, add column is_preview boolean not null default false');
    await runner.query('alter table control.agreement_line add column previewed_version int not null default 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table control.agreement_line drop column previewed_version');
    await runner.query('alter table control.run drop column period_id, drop column is_preview');
  }
}
