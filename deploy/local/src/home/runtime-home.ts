import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Folders of one runtime. Several runtimes of one checkout share `cache` (downloads) and nothing else. */
export interface RuntimeHome {
  /** The checkout: where apps/ and node_modules/ are. */
  readonly repository: string;
  /** Everything this runtime writes: data, logs, secrets, the card. */
  readonly root: string;
  /** Downloads, checked by checksum whenever they are used. */
  readonly cache: string;
  readonly logs: string;
}

// src/home and dist/home lie equally deep, so this holds for specs and for the built program.
const repository = resolve(import.meta.dirname, '../../../..');

/** Opens (creates) the runtime's folders: `TRUEUP_HOME`, else `.trueup` in the checkout; `TRUEUP_CACHE` moves downloads. */
export function openHome(env: NodeJS.ProcessEnv = process.env): RuntimeHome {
  const root = resolve(repository, env['TRUEUP_HOME'] ?? '.trueup');
  const cache = resolve(repository, env['TRUEUP_CACHE'] ?? '.trueup/cache');
  const home = { repository, root, cache, logs: join(root, 'logs') };
  for (const folder of [home.root, home.cache, home.logs]) mkdirSync(folder, { recursive: true });
  return home;
}
