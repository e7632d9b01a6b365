import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { identifyProcess, isSameProcess } from '../processes/process-identity.js';

const holderSchema = z.object({ pid: z.number().int().positive(), startedAt: z.string() });

/** One runtime per home: whoever creates `runtime.json` has it, until its process is gone. */
export class RuntimeClaim {
  private readonly path: string;

  constructor(root: string) {
    this.path = join(root, 'runtime.json');
  }

  /** The pid of the living runtime of this home, or null. */
  holder(): number | null {
    const recorded = this.read();
    return recorded !== null && isSameProcess(recorded.pid, recorded.startedAt, 'main.js') ? recorded.pid : null;
  }

  /** Takes the home for this process; false when another living runtime has it. */
  take(): boolean {
    if (this.holder() !== null) return false;
    rmSync(this.path, { force: true }); // of a runtime that was killed
    try {
      const startedAt = identifyProcess(process.pid)?.startedAt ?? '';
      writeFileSync(this.path, JSON.stringify({ pid: process.pid, startedAt }), { flag: 'wx', mode: 0o600 });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false; // two starts at once: the other was first
      throw error;
    }
  }

  release(): void {
    rmSync(this.path, { force: true });
  }

  private read(): z.output<typeof holderSchema> | null {
    try {
      return holderSchema.parse(JSON.parse(readFileSync(this.path, 'utf8')));
    } catch {
      return null; // absent, or torn by a kill: nobody holds the home
    }
  }
}
