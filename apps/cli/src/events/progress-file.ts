import { createHash, type Hash } from 'node:crypto';
import { createReadStream, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';

const count = z.int().min(0);
const progress = z.object({
  version: z.literal(1),
  /** Where the events go; another place has got none of them. */
  target: z.string(),
  /** How the file is read: format and profile. */
  reading: z.string(),
  offset: count,
  line: z.int().min(1),
  /** Of the bytes before `offset`. */
  sha256: z.string(),
  counts: z.object({ accepted: count, duplicate: count, rejected: count }),
  /** Size of the file of rejects when this was written; what stands behind it belongs to lines that come again. */
  rejectsBytes: count,
});

export type Progress = z.output<typeof progress>;

/** `FILE.trueup-progress`: how far a file was sent. Written whole or not at all; gone when all is sent. */
export class ProgressFile {
  readonly path: string;

  constructor(private readonly file: string) {
    this.path = `${file}.trueup-progress`;
  }

  /** What an earlier run left, if it fits this one; throws a Failure when going on would skip or mix lines. */
  read(target: string, reading: string): Progress | null {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null; // the usual beginning
      throw new Failure(EXIT.usage, `${this.path} cannot be read: ${(error as Error).message}`);
    }
    const parsed = progress.safeParse(jsonOf(text));
    if (!parsed.success) throw this.#unfit('is not one that this command wrote');
    if (parsed.data.target !== target) throw this.#unfit(`belongs to ${parsed.data.target}`);
    if (parsed.data.reading !== reading) throw this.#unfit('belongs to another format or mapping profile');
    return parsed.data;
  }

  /** The hash of the part already sent, to go on with; throws a Failure when that part has changed since. */
  async verify({ offset, sha256 }: Progress): Promise<Hash> {
    const hash = createHash('sha256');
    if (offset > 0) {
      for await (const chunk of createReadStream(this.file, { end: offset - 1 })) hash.update(chunk as Buffer);
    }
    if (hash.copy().digest('hex') === sha256) return hash;
    throw new Failure(EXIT.usage, `The part of ${this.file} that is already sent (${offset} bytes) has changed since`, {
      remedy: 'Use --restart to send it from the beginning; events that were taken with the same id count once.',
    });
  }

  write(state: Progress): void {
    const draft = `${this.path}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, this.path);
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }

  #unfit(reason: string): Failure {
    return new Failure(EXIT.usage, `${this.path} ${reason}`, { remedy: 'Use --restart to send the file from the beginning.' });
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // somebody edited it: refused by the schema
  }
}
