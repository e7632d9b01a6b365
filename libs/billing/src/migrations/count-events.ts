import type { MigrationInterface, QueryRunner } from 'typeorm';
import { accountingTables } from '../accounting/accounting-tables.js';

/**
 * Counters of what ingest acknowledged and of what became of it, for the accounting identity. What is stored already is counted as it
 * stands; repeats of then are on neither side.
 */
export class CountEvents1795413000000 implements MigrationInterface {
  readonly name = 'CountEvents1795413000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of accountingTables) await runner.query(statement);
    await runner.query(
      `insert into billing.projected_events (tenant_id, hour, partition, applied, duplicates, quarantined)
       select tenant_id, hour, -1, sum(applied), 0, sum(quarantined) from (
         select tenant_id, date_trunc('hour', recorded_at, 'UTC') as hour, 1 as applied, 0 as quarantined from billing.event
         union all
         select tenant_id, counted_at, 0, 1 from billing.quarantine where state <> 'released') as known
       group by tenant_id, hour`,
    );
    await runner.query(
      `insert into billing.accepted_events (tenant_id, hour, instance, accepted)
       select tenant_id, hour, '', applied + quarantined from billing.projected_events`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index billing.event_by_arrival');
    await runner.query('alter table billing.quarantine drop column counted_at');
    for (const table of ['accounting_check', 'accounting_difference', 'projected_events', 'accepted_events']) {
      await runner.query(`drop table billing.${table}`);
    }
  }
}
