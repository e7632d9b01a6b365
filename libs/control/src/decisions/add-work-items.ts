import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which work item a decision confirms; one is confirmed once. */
export class AddWorkItems1795404000000 implements MigrationInterface {
  readonly name = 'AddWorkItems1795404000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table control.resolution add column work_item_id text collate "C" unique');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table control.resolution drop column work_item_id');
  }
}
