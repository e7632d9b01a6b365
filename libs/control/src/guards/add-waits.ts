import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Until when a guard has an agreement line wait, and how often it was released today without a new cause. */
export class AddWaits1795402000002 implements MigrationInterface {
  readonly name = 'AddWaits1795402000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table control.agreement_line add column waits_until timestamptz, add column spent_budget jsonb');
    await runner.query('create index agreement_line_waits on control.agreement_line (waits_until) where waits_until is not null');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table control.agreement_line drop column waits_until, drop column spent_budget');
  }
}
