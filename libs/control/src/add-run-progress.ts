import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a manual run has released its last line; from then on it ends with the last of its outcomes. */
export class AddRunProgress1795392000003 implements MigrationInterface {
  readonly name = 'AddRunProgress1795392000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table control.run add column released_at timestamptz');
    await runner.query('alter table control.agreement_line drop column run_id');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table control.run drop column released_at');
    await runner.query('alter table control.agreement_line add column run_id text');
  }
}
