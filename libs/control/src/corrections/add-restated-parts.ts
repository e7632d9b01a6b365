import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a line should have added in periods that were closed before late events came, and what the PSA has confirmed of it. */
export class AddRestatedParts1795392000006 implements MigrationInterface {
  readonly name = 'AddRestatedParts1795392000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table control.agreement_line_part add column restated jsonb, add column confirmed jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table control.agreement_line_part drop column restated, drop column confirmed');
  }
}
