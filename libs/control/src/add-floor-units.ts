import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many units of a line's quantity come from a floor. */
export class AddFloorUnits1795392000004 implements MigrationInterface {
  readonly name = 'AddFloorUnits1795392000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table control.agreement_line add column floor_units text not null default '0'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table control.agreement_line drop column floor_units');
  }
}
