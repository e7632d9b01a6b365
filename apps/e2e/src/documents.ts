import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '@trueup/testing/product';

/** The guides that show commands, as paths in the repository. */
export function guides(): string[] {
  const files = readdirSync(join(REPOSITORY, 'docs/guides')).filter((file) => file.endsWith('.md'));
  return files.map((file) => `docs/guides/${file}`).filter((path) => shellBlocksOf(path).length > 0);
}

/** The shell blocks of a document, in order. */
export function shellBlocksOf(path: string): string[] {
  const text = readFileSync(join(REPOSITORY, path), 'utf8');
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1]!.trim());
}

export interface ShellRun {
  status: number | null;
  output: string;
  /** What went wrong, with the last lines, for a reader of the test. */
  trouble: string;
}

/** Runs blocks one after the other in one shell, as a reader would, against the running product of that home. */
export function runBlocks(blocks: readonly string[], home: string): ShellRun {
  const script = ['set -euo pipefail', ...blocks].join('\n');
  const ran = spawnSync('bash', ['-c', script], {
    cwd: REPOSITORY,
    encoding: 'utf8',
    env: { ...process.env, TRUEUP_HOME: home },
    timeout: 170_000,
  });
  const trouble = ran.status === 0 ? '' : `${ran.stdout.slice(-1500)}\n${ran.stderr.slice(-1500)}`;
  return { status: ran.status, output: ran.stdout, trouble };
}
