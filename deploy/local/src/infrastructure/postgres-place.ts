import { existsSync, statSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SystemUser } from './postgres-user.js';

/** Where the server's programs and data lie. */
export interface PostgresPlace {
  readonly programs: string;
  readonly data: string;
}

const outsideFolders = '/var/tmp';
const outsidePrefix = 'trueup-postgres-';

/**
 * Chooses folders that the server's user can reach. As root the checkout may lie in a private folder (/root,
 * a mktemp folder); then programs and data live in a folder under /var/tmp, remembered in the home.
 */
export async function postgresPlace(home: string, programs: string, user: SystemUser | null): Promise<PostgresPlace> {
  const inside = join(home, 'postgres');
  await mkdir(inside, { recursive: true });
  if (user !== null) await chmod(home, statSync(home).mode | 0o001); // the home is ours; what is above it is not
  if (user === null || (isOpenToOthers(inside) && isOpenToOthers(programs))) {
    return { programs, data: join(inside, 'data') };
  }
  const outside = (await rememberedOutside(inside)) ?? (await createOutside(inside, programs));
  return { programs: join(outside, 'native'), data: join(outside, 'data') };
}

/** Removes what `postgresPlace` put outside the home, if anything. */
export async function removeOutsidePlace(home: string): Promise<void> {
  const outside = await rememberedOutside(join(home, 'postgres'));
  if (outside !== null) await rm(outside, { recursive: true, force: true });
}

function isOpenToOthers(path: string): boolean {
  const parent = dirname(path);
  return (statSync(path).mode & 0o001) !== 0 && (parent === path || isOpenToOthers(parent));
}

async function rememberedOutside(inside: string): Promise<string | null> {
  const path = await readFile(join(inside, 'outside'), 'utf8').catch(() => null); // absent: nothing lies outside
  return path !== null && existsSync(path) ? path : null;
}

async function createOutside(inside: string, programs: string): Promise<string> {
  await removeAbandoned();
  const outside = await mkdtemp(join(outsideFolders, outsidePrefix));
  await chmod(outside, 0o755);
  await cp(programs, join(outside, 'native'), { recursive: true, verbatimSymlinks: true });
  await writeFile(join(inside, 'outside'), outside);
  await writeFile(join(outside, 'home'), inside); // last: from here on it counts as abandoned unless remembered
  return outside;
}

/** Whoever removed a home knew nothing of its folder here. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(outsideFolders)) {
    const folder = join(outsideFolders, name);
    const inside = name.startsWith(outsidePrefix) ? await readFile(join(folder, 'home'), 'utf8').catch(() => null) : null; // not one of ours
    if (inside !== null && (await rememberedOutside(inside)) !== folder) await rm(folder, { recursive: true, force: true });
  }
}
