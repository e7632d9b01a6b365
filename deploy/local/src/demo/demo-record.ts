import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writePrivateFile } from '../home/write-private-file.js';

const recordSchema = z.object({ seed: z.int(), plannedAt: z.iso.datetime(), isComplete: z.boolean() });

/** What a home knows of its demo: from which seed and instant it was planned, and whether all of it was posted. */
export type DemoRecord = z.output<typeof recordSchema>;

/** `demo.json` of a home: there once a demo was begun. Its presence makes the home a demo. */
export class DemoRecordFile {
  readonly path: string;

  constructor(root: string) {
    this.path = join(root, 'demo.json');
  }

  write(record: DemoRecord): void {
    writePrivateFile(this.path, `${JSON.stringify(record, null, 2)}\n`);
  }

  /** Null when there is none, or none that can be read. */
  read(): DemoRecord | null {
    try {
      return recordSchema.parse(JSON.parse(readFileSync(this.path, 'utf8')));
    } catch {
      return null; // no demo here
    }
  }
}
