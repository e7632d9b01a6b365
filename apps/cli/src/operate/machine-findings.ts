import { spawnSync } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { failing, type Finding, ok } from './finding.js';

const OLDEST_NODE = 20;
const OLDEST_JAVA = 17;
const LEAST_BYTES = 3 * 1024 ** 3;
/** api, ingest, sandbox, control, Kafka, PostgreSQL, Redis: see deploy/local. */
const PORT_OFFSETS = [0, 1, 2, 3, 10, 12, 13];

/** What a local runtime needs of this machine. `isRunning`: its ports are taken by itself then. */
export async function machineFindings(env: NodeJS.ProcessEnv, folder: string, isRunning: boolean): Promise<Finding[]> {
  const ports = isRunning ? [] : [await portFinding(Number(env['TRUEUP_PORT_BASE'] || 4600))];
  return [nodeFinding(), javaFinding(), mavenFinding(), await diskFinding(folder), ...ports];
}

function nodeFinding(): Finding {
  const { node } = process.versions;
  return Number(node.split('.')[0]) >= OLDEST_NODE
    ? ok('node', node)
    : failing('node', `${node} is too old`, `Install Node ${OLDEST_NODE} or later.`);
}

function javaFinding(): Finding {
  const { status, stderr, stdout } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const match = /version "(\d+)(?:\.(\d+))?/.exec(`${stderr ?? ''}${stdout ?? ''}`);
  const remedy = `Install a JDK ${OLDEST_JAVA} or later (Debian and Ubuntu: default-jre-headless), or use Docker.`;
  if (status !== 0 || !match) return failing('java', 'missing', remedy);
  const major = Number(match[1] === '1' ? match[2] : match[1]); // Java 8 calls itself 1.8
  return major >= OLDEST_JAVA ? ok('java', String(major)) : failing('java', `${major} is too old for Kafka`, remedy);
}

function mavenFinding(): Finding {
  const { status, stdout } = spawnSync('mvn', ['-v'], { encoding: 'utf8' });
  const version = /Apache Maven ([\d.]+)/.exec(stdout ?? '')?.[1];
  return status === 0 && version
    ? ok('maven', version)
    : failing('maven', 'missing', 'Install the package maven, or use Docker.');
}

async function diskFinding(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const text = `${(free / 1024 ** 3).toFixed(1)} GiB free`;
  return free >= LEAST_BYTES ? ok('disk', text) : failing('disk', text, 'Free some space: the local runtime needs about 3 GiB.');
}

async function portFinding(base: number): Promise<Finding> {
  const taken: number[] = [];
  for (const port of PORT_OFFSETS.map((offset) => base + offset)) if (!(await isFree(port))) taken.push(port);
  if (taken.length === 0) return ok('ports', `${base} to ${base + Math.max(...PORT_OFFSETS)} are free`);
  return failing('ports', `taken: ${taken.join(', ')}`, 'Choose other ports by TRUEUP_PORT_BASE, or end what listens there.');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
