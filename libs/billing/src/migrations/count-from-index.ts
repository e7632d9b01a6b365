import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Most seats are assigned and stay: such rows can be counted together straight from the index, without their content. Rows written
 * before count one by one as they did. Who holds a service is asked for a changed catalogue alone, too seldom to keep an index for it
 * on the path of every event.
 */
export class CountFromIndex1795394000000 implements MigrationInterface {
  readonly name = 'CountFromIndex1795394000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table billing.holding add column only_rose boolean not null default false');
    await runner.query('drop index billing.assignment_by_code');
    await runner.query('drop index billing.holding_by_line');
    await runner.query(
      `create index holding_by_line on billing.holding (tenant_id, line_key) include (is_billable, only_rose, changed_at, level)
       where line_key is not null`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('create index assignment_by_code on billing.assignment (tenant_id, code, customer_code)');
    await runner.query('drop index billing.holding_by_line');
    await runner.query('alter table billing.holding drop column only_rose');
    await runner.query(
      `create index holding_by_line on billing.holding (tenant_id, line_key) include (is_billable, changed_at, level)
       where line_key is not null`,
    );
  }
}
