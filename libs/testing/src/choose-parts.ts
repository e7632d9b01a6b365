import { spawnSync } from 'node:child_process';
import type { HarnessParts } from './harness-server.js';

/** Local servers where a JDK and Maven exist, else containers where Docker runs, else a refusal. */
export async function chooseParts(canRun: (command: string, args: string[]) => boolean = succeeds): Promise<HarnessParts> {
  if (canRun('java', ['-version']) && canRun('mvn', ['-v'])) {
    const { LocalParts } = await import('./local-parts.js');
    return new LocalParts();
  }
  if (canRun('docker', ['info'])) {
    const { ContainerParts } = await import('./container-parts.js');
    return new ContainerParts();
  }
  throw new Error('Integration tests need real servers: install a JDK 17 or later and Maven, or start Docker.');
}

function succeeds(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
