import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writePrivateFile } from '../home/write-private-file.js';
import { identifyProcess, isSameProcess } from './process-identity.js';

const entrySchema = z.object({
  name: z.string(),
  pid: z.number().int().positive(),
  startedAt: z.string(),
  /** Text that the process's command line holds; guards against ending a stranger with a reused pid. */
  marker: z.string(),
});
export type JournalEntry = z.infer<typeof entrySchema>;

/** Remembers every started process on disk, so that the next start can end what a killed runtime left behind. */
export class ProcessJournal {
  private readonly path: string;
  private entries: JournalEntry[] = [];

  constructor(root: string) {
    this.path = join(root, 'processes.json');
  }

  add(name: string, pid: number, marker: string): void {
    const startedAt = identifyProcess(pid)?.startedAt ?? '';
    this.entries.push({ name, pid, startedAt, marker });
    this.write();
  }

  remove(pid: number): void {
    this.entries = this.entries.filter((entry) => entry.pid !== pid);
    this.write();
  }

  /** The recorded processes that still run and are ours, in the order in which they were started. */
  leftovers(): JournalEntry[] {
    return this.read().filter((entry) => isSameProcess(entry.pid, entry.startedAt, entry.marker));
  }

  private write(): void {
    writePrivateFile(this.path, JSON.stringify(this.entries, null, 2));
  }

  private read(): JournalEntry[] {
    try {
      return z.array(entrySchema).parse(JSON.parse(readFileSync(this.path, 'utf8')));
    } catch {
      return []; // absent on a first start; an unreadable one names nobody that we could safely end
    }
  }
}
