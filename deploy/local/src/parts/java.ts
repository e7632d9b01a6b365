import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The java program: of `JAVA_HOME` when that is set and holds one (Maven chooses alike), else from PATH. */
export function javaCommand(env: NodeJS.ProcessEnv = process.env): string {
  const candidate = env['JAVA_HOME'] && join(env['JAVA_HOME'], 'bin/java');
  return candidate && existsSync(candidate) ? candidate : 'java';
}
