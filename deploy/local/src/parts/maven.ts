import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StartFailure } from '../start-failure.js';

const run = promisify(execFile);
// Pinned: another version may download other files.
const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

/** Copies the runtime dependencies of a pom into a folder. */
export function copyDependencies(pom: string, into: string): Promise<void> {
  return maven([`${plugin}:copy-dependencies`, '-f', pom, '-DincludeScope=runtime', `-DoutputDirectory=${into}`]);
}

/** Copies one artifact (group:name:version) into a folder. */
export function copyArtifact(artifact: string, into: string): Promise<void> {
  return maven([`${plugin}:copy`, `-Dartifact=${artifact}`, `-DoutputDirectory=${into}`]);
}

async function maven(args: readonly string[]): Promise<void> {
  // An empty folder, so that no pom or .mvn folder of the caller takes part.
  const folder = await mkdtemp(join(tmpdir(), 'trueup-maven-'));
  try {
    const download = run('mvn', ['-q', '-B', ...args], { cwd: folder, timeout: 600_000 });
    const end = (): boolean => download.child.kill('SIGKILL');
    process.once('exit', end); // an interrupted start leaves no download behind
    await download.finally(() => process.off('exit', end));
  } catch (error) {
    throw mavenFailure(error as NodeJS.ErrnoException & { stdout?: string });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function mavenFailure(error: NodeJS.ErrnoException & { stdout?: string }): StartFailure {
  if (error.code === 'ENOENT') return new StartFailure('Maven is missing: install the package maven.');
  const said = (error.stdout ?? '').split('\n').find((line) => line.includes('ERROR')) ?? error.message;
  return new StartFailure(`Maven could not download a part; check the network and ~/.m2/settings.xml. It said: ${said.trim()}`);
}
