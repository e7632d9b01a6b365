import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A line remembers up to where it is counted, so that what happens next is added to its count instead of counting all of its rows. */
export class ContinueCounts1795413600000 implements MigrationInterface {
  readonly name = 'ContinueCounts1795413600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table billing.line_target add column counted_until timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table billing.line_target drop column counted_until');
  }
}
