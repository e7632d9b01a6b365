import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endLeftovers, ProcessJournal, removeOutsidePlace } from '@trueup/local-runtime';

const prefix = 'trueup-test-';

/** A temporary home for the servers of one test run. */
export function newTestHome(): string {
  const root = mkdtempSync(join(tmpdir(), prefix));
  // As root PostgreSQL runs as another user; in a private folder its data would have to go elsewhere.
  chmodSync(root, 0o755);
  writeFileSync(join(root, 'owner'), String(process.pid));
  return root;
}

/** Ends the servers of runs that were killed before they could do it, and removes their homes. */
export async function endAbandonedTestHomes(): Promise<void> {
  const homes = readdirSync(tmpdir()).filter((name) => name.startsWith(prefix));
  for (const root of homes.map((name) => join(tmpdir(), name)).filter(isAbandoned)) {
    await endLeftovers(new ProcessJournal(root));
    await removeOutsidePlace(root);
    rmSync(root, { recursive: true, force: true });
  }
}

function isAbandoned(root: string): boolean {
  try {
    process.kill(Number(readFileSync(join(root, 'owner'), 'utf8')), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'; // somebody else's, or one that is just being made: not ours to end
  }
}
