import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Old answers are found without reading all of them. */
export class AddAnswerAge1796256000000 implements MigrationInterface {
  readonly name = 'AddAnswerAge1796256000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index idempotent_answer_age on access.idempotent_answer (created_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index access.idempotent_answer_age');
  }
}
