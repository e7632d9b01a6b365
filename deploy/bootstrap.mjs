// Runs on any Node from 20 on, before anything is installed: checks the machine, installs, compiles, and hands over
// to the pinned Node. Plain JavaScript without dependencies for that reason.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const programs = {
  start: 'deploy/local/dist/main.js',
  stop: 'deploy/local/dist/main.js',
  status: 'deploy/local/dist/main.js',
  'demo-play': 'deploy/local/dist/main.js',
  'demo-reset': 'deploy/local/dist/main.js',
  test: 'deploy/checks/run-all.mjs',
  faults: 'apps/faults/dist/main.js',
  bench: 'bench/run.mjs',
};
const looksOrEnds = ['stop', 'status', 'demo-play'];
const [command = 'start', ...args] = process.argv.slice(2);
const hasColour = process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
const paint = (text, code) => (hasColour ? `\u001B[${code}m${text}\u001B[0m` : text);

process.exitCode = await main();

async function main() {
  if (!(command in programs)) return refuse(`There is no command "${command}"; known: ${Object.keys(programs).join(', ')}.`);
  const missing = missingPart();
  if (missing !== null) return refuse(missing);
  const isPrepared = canRunAsItIs() || ((await install()) && (await compile()));
  return isPrepared ? handOver() : 1;
}

/** What runs can be looked at and ended whatever has happened to the sources since. */
function canRunAsItIs() {
  return looksOrEnds.includes(command) && existsSync(pinnedNode()) && existsSync(join(root, programs[command]));
}

/** One sentence with the package to install, or null. */
function missingPart() {
  if (Number(process.versions.node.split('.')[0]) < 20)
    return `Node ${process.versions.node} is too old: install Node 20 or later.`;
  if (!isOnPath('npm')) return 'npm is missing: install the package npm.';
  if (looksOrEnds.includes(command)) return null;
  const servers = missingServerPart();
  // Tests have a second door: the same servers as containers.
  return servers !== null && command === 'test' && isDockerRunning() ? null : servers;
}

function missingServerPart() {
  const major = javaMajor();
  if (major === null) return 'A JDK is missing: install a JDK 17 or later (Debian and Ubuntu: default-jre-headless).';
  if (major < 17)
    return `Java ${major} is too old for Kafka: install a JDK 17 or later (Debian and Ubuntu: default-jre-headless).`;
  return isOnPath('mvn') ? null : 'Maven is missing: install the package maven.';
}

function javaMajor() {
  const home = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : '';
  const { status, stderr, stdout } = spawnSync(home && existsSync(home) ? home : 'java', ['-version'], { encoding: 'utf8' });
  const version = /version "(\d+)(?:\.(\d+))?/.exec(`${stderr}${stdout}`);
  if (status !== 0 || version === null) return null;
  return version[1] === '1' ? Number(version[2]) : Number(version[1]); // Java 8 calls itself 1.8
}

function isDockerRunning() {
  return spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0;
}

function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => isExecutable(join(folder, program)));
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // not there, or not for us
  }
}

/** `npm ci` when node_modules does not come from this lock file. */
async function install() {
  const lock = join(root, 'package-lock.json');
  const stamp = join(root, 'node_modules/.trueup-lock-sha256');
  const hash = createHash('sha256').update(readFileSync(lock)).digest('hex');
  if (isInstalled(lock, stamp, hash)) return true;
  const isDone = await step('Packages are installed (npm ci)', 'npm', [
    'ci',
    '--include=dev',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]);
  if (isDone) writeFileSync(stamp, hash);
  return isDone;
}

function isInstalled(lock, stamp, hash) {
  const installed = join(root, 'node_modules/.package-lock.json'); // npm writes it when an installation is complete
  if (!existsSync(installed) || !existsSync(pinnedNode())) return false;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return true;
  if (statSync(installed).mtimeMs < statSync(lock).mtimeMs) return false;
  writeFileSync(stamp, hash); // installed by hand after the lock file's last change
  return true;
}

function compile() {
  return step('Sources are compiled (tsc -b)', pinnedNode(), [join(root, 'node_modules/@typescript/native/bin/tsc'), '-b']);
}

function pinnedNode() {
  return join(root, 'node_modules/node/bin/node');
}

/** Runs a program silently and prints a line with a tick and seconds; its output only when it fails. */
async function step(what, program, programArgs) {
  const start = performance.now();
  const { code, output } = await run(program, programArgs);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${code === 0 ? paint('✓', 32) : paint('✗', 31)} ${what} ${paint(`${seconds} s`, 2)}`);
  if (code !== 0) process.stderr.write(output);
  return code === 0;
}

function run(program, programArgs) {
  return new Promise((done) => {
    let output = '';
    const child = spawn(program, programArgs, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    endWithUs(child);
    child.once('error', (error) => done({ code: 1, output: `${error.message}\n` }));
    child.once('close', (code) => done({ code, output }));
  });
}

/** The program gets our signals and our place at the terminal; we only wait for it. */
function handOver() {
  return new Promise((done) => {
    const child = spawn(
      pinnedNode(),
      [
        '--disable-warning=TimeoutNegativeWarning',
        join(root, programs[command]),
        ...(command === 'test' ? args : [command, ...args]),
      ],
      {
        cwd: root,
        stdio: 'inherit',
      },
    );
    endWithUs(child);
    child.once('error', (error) => done(refuse(error.message)));
    child.once('close', (code) => done(code ?? 1));
  });
}

/** Signals end the child, whose end ends us. So does the end of npm, when npm started us: it does not always say so. */
function endWithUs(child) {
  const parent = process.ppid;
  const forward = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
  const watch = setInterval(() => {
    if (process.env.npm_lifecycle_event !== undefined && process.ppid !== parent) child.kill('SIGTERM');
  }, 500);
  child.once('close', () => {
    clearInterval(watch);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, forward);
  });
}

function refuse(sentence) {
  console.error(`${paint('✗', 31)} ${sentence}`);
  return 1;
}
