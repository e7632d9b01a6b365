import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Runtime } from '@trueup/testing/product';
import { takeDown } from './take-down.js';

const run = promisify(execFile);

/** A copy of all that PostgreSQL keeps, taken while it is down for a moment. */
export class BaseBackup {
  private constructor(
    private readonly runtime: Runtime,
    private readonly folder: string,
  ) {}

  static async of(runtime: Runtime, folder: string): Promise<BaseBackup> {
    const backup = new BaseBackup(runtime, folder);
    await takeDown(runtime, 'postgres');
    await run('cp', ['-a', folder, backup.copy]);
    await runtime.restart('postgres');
    return backup;
  }

  /** Puts the copy in the place of what is there; the server starts with it. */
  async restore(): Promise<void> {
    await takeDown(this.runtime, 'postgres');
    await run('rm', ['-rf', this.folder]);
    await run('mv', [this.copy, this.folder]);
    await this.runtime.restart('postgres');
  }

  private get copy(): string {
    return `${this.folder}.backup`;
  }
}
