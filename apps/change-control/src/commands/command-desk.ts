import { finishCommands, inTransaction, staysOpen, takeCommands } from '@trueup/persistence';
import type { Logger } from '@trueup/service';
import type { DataSource } from 'typeorm';
import type { TenantDays } from '../tenant-day.js';
import { type Errand, mergeCommands } from './merge-commands.js';
import { runErrand } from './run-errand.js';

const LIMIT = 1_000;
const REST_AFTER_FAILURE_MS = 5_000;

/** Takes commands that no other replica holds and carries them out, tenant by tenant. */
export class CommandDesk {
  private readonly restsUntilMs = new Map<string, number>();

  constructor(
    private readonly database: DataSource,
    private readonly days: TenantDays,
    private readonly logger: Logger,
  ) {}

  /** One pass, which says with each errand that it moves. Returns how many commands are done; what fails stays and is tried again. Throws when the database is away. */
  async pass(moving: () => void = () => {}): Promise<number> {
    if (!(await this.hasCommands())) return 0;
    return inTransaction(this.database, async (tx) => {
      await staysOpen(tx);
      const { errands, unknown } = mergeCommands(await takeCommands(tx, 'control', LIMIT));
      for (const { id, kind } of unknown) this.logger.error({ commandId: id, kind }, 'command of an unknown kind dropped');
      const done = unknown.map((command) => command.id);
      for (const errand of errands) {
        moving();
        if (await this.isDone(errand)) done.push(...errand.commandIds);
      }
      await finishCommands(tx, 'control', done);
      return done.length;
    });
  }

  private async hasCommands(): Promise<boolean> {
    const rows = await this.database.query<unknown[]>('select 1 from control.command limit 1');
    return rows.length > 0;
  }

  /** One tenant's trouble must not hold up the commands of another. */
  private async isDone(errand: Errand): Promise<boolean> {
    if (performance.now() < (this.restsUntilMs.get(errand.tenantId) ?? 0)) return false;
    try {
      const day = await this.days.of(errand.tenantId);
      if (day === null) return true;
      await runErrand(this.database, day, errand);
      return true;
    } catch (error) {
      this.logger.error({ err: error, tenantId: errand.tenantId }, 'commands failed, tried again later');
      this.restsUntilMs.set(errand.tenantId, performance.now() + REST_AFTER_FAILURE_MS);
      return false;
    }
  }
}
