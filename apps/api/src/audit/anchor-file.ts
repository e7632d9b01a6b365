import { appendFile, readFile } from 'node:fs/promises';
import type { AuditAnchor } from '@trueup/access';

/** Anchors kept outside the database, one JSON object a line; on a disk that the database's administrators do not write. */
export class AnchorFile {
  /** @param path absent: nothing is kept. */
  constructor(private readonly path: string | undefined) {}

  async append(anchors: readonly AuditAnchor[]): Promise<void> {
    if (this.path === undefined || anchors.length === 0) return;
    await appendFile(this.path, anchors.map((anchor) => `${JSON.stringify(anchor)}\n`).join(''));
  }

  /** All anchors of the file; none when there is no file yet. */
  async read(): Promise<AuditAnchor[]> {
    const lines = (await this.#text()).split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as AuditAnchor);
  }

  async #text(): Promise<string> {
    if (this.path === undefined) return '';
    try {
      return await readFile(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw error; // a file that cannot be read must not look like one that says nothing
    }
  }
}
