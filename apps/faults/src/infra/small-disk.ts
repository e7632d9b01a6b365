import { execFile } from 'node:child_process';
import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MB = 1024 * 1024;
/** What may be written on the disk before it is filled on purpose. */
const ROOM_MB = 200;

/** A folder whose disk (a tmpfs of limited size) can be filled to the last byte. Whoever uses the folder is down while it moves. */
export class SmallDisk {
  private constructor(
    private readonly folder: string,
    private readonly kept: string,
  ) {}

  /** Moves what the folder holds to a small disk at the same place. Throws where nobody may mount: then the fault cannot be injected. */
  static async at(folder: string): Promise<SmallDisk> {
    const disk = new SmallDisk(folder, `${folder}.kept`);
    const { mode, uid, gid } = statSync(folder);
    const usedMb = Number((await run('du', ['-sm', folder])).stdout.split('\t')[0]);
    await rename(folder, disk.kept);
    await mkdir(folder);
    await chmod(folder, mode & 0o7777);
    try {
      const options = `size=${usedMb + ROOM_MB}m,mode=${(mode & 0o7777).toString(8)},uid=${uid},gid=${gid}`;
      await run('mount', ['-t', 'tmpfs', '-o', options, 'trueup-small-disk', folder]);
    } catch (error) {
      await rm(folder, { recursive: true });
      await rename(disk.kept, folder);
      throw new Error('Not injectable here: this user may not mount a small disk', { cause: error });
    }
    await run('cp', ['-a', `${disk.kept}/.`, folder]);
    return disk;
  }

  /** Leaves no byte. */
  fill(): void {
    const file = openSync(this.filler, 'a');
    try {
      for (const size of [MB, 4096, 1]) writeUntilFull(file, Buffer.alloc(size));
    } finally {
      closeSync(file);
    }
  }

  /** Space returns. */
  free(): Promise<void> {
    return rm(this.filler, { force: true });
  }

  /** Moves everything back; `isLazy`: although files of it are still open. */
  async remove({ isLazy = false }: { isLazy?: boolean } = {}): Promise<void> {
    await this.free();
    await run('cp', ['-a', `${this.folder}/.`, this.kept]);
    await run('umount', [...(isLazy ? ['-l'] : []), this.folder]);
    await rm(this.folder, { recursive: true });
    await rename(this.kept, this.folder);
  }

  private get filler(): string {
    return join(this.folder, 'filler');
  }
}

function writeUntilFull(file: number, piece: Buffer): void {
  for (;;) {
    try {
      if (writeSync(file, piece) === 0) return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return;
      throw error;
    }
  }
}
