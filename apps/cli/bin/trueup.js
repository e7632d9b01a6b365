#!/usr/bin/env node
// Here before the first build, so that npm links it. Plain JavaScript for any Node from 20 on: an older one than the command needs
// hands over to the one that came with the installation.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_MAJOR = 24;
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

if (!existsSync(main)) end('This installation is not built yet: run npm start once, or npm run build.');
else if (Number(process.versions.node.split('.')[0]) >= OLDEST_MAJOR) await import('../dist/main.js');
else handOver();

function handOver() {
  const newer = foldersAbove(dirname(main))
    .map((folder) => join(folder, 'node_modules/node/bin/node'))
    .find((path) => existsSync(path));
  if (!newer) return end(`Node ${process.versions.node} is too old: install Node ${OLDEST_MAJOR} or later.`);
  const { status, signal } = spawnSync(newer, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = signal === 'SIGINT' ? 130 : (status ?? 1);
}

function foldersAbove(folder) {
  return dirname(folder) === folder ? [folder] : [folder, ...foldersAbove(dirname(folder))];
}

function end(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 2;
}
