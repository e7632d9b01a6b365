import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StartFailure } from '../start-failure.js';
import { checksumProblems, readChecksumList } from './checksum-list.js';

export interface VerifiedFolderRequest {
  readonly folder: string;
  /** Committed list with the SHA-256 of every file that the folder must hold. */
  readonly checksums: string;
  /** Downloads the files into an empty folder. */
  readonly fetch: (into: string) => Promise<void>;
}

/**
 * Answers the folder once its files match the committed list, downloading them when absent or damaged.
 * Files that differ after a fresh download are refused and removed: nothing of them is ever executed.
 */
export async function verifiedFolder(request: VerifiedFolderRequest): Promise<string> {
  const list = readChecksumList(request.checksums);
  if ((await checksumProblems(request.folder, list)).length === 0) return request.folder;
  await mkdir(dirname(request.folder), { recursive: true });
  const draft = await mkdtemp(`${request.folder}.`);
  try {
    await request.fetch(draft);
    const problems = await checksumProblems(draft, list);
    if (problems.length > 0) throw refused(request, problems);
    await replace(request.folder, draft, async () => (await checksumProblems(request.folder, list)).length === 0);
    return request.folder;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function replace(folder: string, draft: string, isSoundAlready: () => Promise<boolean>): Promise<void> {
  if (await isSoundAlready()) return; // another runtime of the same cache was faster
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder).catch(async (error: unknown) => {
    if (!(await isSoundAlready())) throw error;
  });
}

function refused(request: VerifiedFolderRequest, problems: readonly string[]): StartFailure {
  const more = problems.length > 3 ? ` and ${problems.length - 3} more` : '';
  return new StartFailure(
    `A download does not match ${request.checksums} (${problems.slice(0, 3).join(', ')}${more}): it was refused; check the Maven repository that delivered it.`,
  );
}
