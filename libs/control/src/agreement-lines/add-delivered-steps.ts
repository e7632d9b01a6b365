import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What each part was released and confirmed with, so that one that is left stays as the PSA has it, not as we wanted it. */
export class AddDeliveredSteps1795403000000 implements MigrationInterface {
  readonly name = 'AddDeliveredSteps1795403000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table control.agreement_line_part add column released jsonb, add column delivered jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table control.agreement_line_part drop column released, drop column delivered');
  }
}
