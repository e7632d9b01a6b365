import { appendFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import type { Reject } from './frontier.js';

/** `FILE.rejects.ndjson`: the lines that were not taken, in the order of the file. There only when there are any. */
export class RejectsFile {
  readonly path: string;
  private bytes = 0;

  constructor(file: string) {
    this.path = `${file}.rejects.ndjson`;
  }

  get sizeBytes(): number {
    return this.bytes;
  }

  /** Goes on behind `sizeBytes`; what follows them was written for lines that will be sent again. 0 begins anew. */
  openAt(sizeBytes: number): void {
    const present = statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
    this.bytes = Math.min(sizeBytes, present);
    if (this.bytes === 0) rmSync(this.path, { force: true });
    else truncateSync(this.path, this.bytes);
  }

  append(rejects: readonly Reject[]): void {
    if (rejects.length === 0) return;
    const text = rejects.map((reject) => `${JSON.stringify(reject)}\n`).join('');
    appendFileSync(this.path, text, { mode: 0o600 });
    this.bytes += Buffer.byteLength(text);
  }
}
