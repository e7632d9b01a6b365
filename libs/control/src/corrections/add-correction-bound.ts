import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The day before which confirmed periods of an agreement line take no correction any more. */
export class AddCorrectionBound1795402000001 implements MigrationInterface {
  readonly name = 'AddCorrectionBound1795402000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table control.agreement_line add column corrects_from date');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table control.agreement_line drop column corrects_from');
  }
}
