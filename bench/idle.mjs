// What the product takes while nothing happens: CPU and memory of each service, sampled from /proc for a minute (Linux).
// Starts a runtime of its own with the demo in a temporary home and ends it; TRUEUP_HOME measures one that runs already.
import { readFileSync, readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { withProduct } from './own-product.mjs';

const seconds = Number(process.argv[2] ?? '60');
const restSeconds = 20; // after the last work: leases, timers and the collector come to rest
const ticksPerSecond = 100; // USER_HZ, what /proc counts in
const target = { cpuPercent: 3, rssMb: 150 };

if (process.env.TRUEUP_HOME === undefined) await withProduct((runtime) => measured(runtime.home), []);
else await measured(process.env.TRUEUP_HOME);

async function measured(home) {
  process.env.TRUEUP_HOME = home; // running-product.mjs reads it when it is imported
  const { call } = await import('./running-product.mjs');
  await measure(call);
}

async function measure(call) {
  const { endpoints, settled } = await import('./running-product.mjs');
  await settled();
  await sleep(restSeconds * 1000);
  const { processes, infrastructure } = await call('GET', `${endpoints.controlUrl}/status`, { token: endpoints.tokens.control });
  const rows = [...processes, ...infrastructure].filter(({ pid }) => pid !== null);
  const before = rows.map(({ pid }) => ticksOf(pid));
  await sleep(seconds * 1000);
  const measured = rows.map(({ service, replica, pid }, index) => ({
    name: `${service}/${replica}`,
    isOurs: index < processes.length,
    cpuPercent: ((ticksOf(pid) - before[index]) / ticksPerSecond / seconds) * 100,
    rssMb: rssMbOf(pid),
  }));
  print(measured);
}

function print(measured) {
  console.log(`idle for ${seconds} s with the demo, ${cpus().length} cores; CPU in % of one core`);
  for (const one of measured) console.log(line(one.name, one));
  const ours = measured.filter(({ isOurs }) => isOurs);
  console.log(line('services, all', sum(ours)));
  console.log(line('with infrastructure', sum(measured)));
  const above = ours.filter(({ cpuPercent, rssMb }) => cpuPercent > target.cpuPercent || rssMb > target.rssMb);
  const verdict = above.length === 0 ? 'all within' : `above it: ${above.map(({ name }) => name).join(', ')}`;
  console.log(`target for each service: ${target.cpuPercent} % and ${target.rssMb} MB; ${verdict}`);
}

function sum(rows) {
  const of = (key) => rows.reduce((total, row) => total + row[key], 0);
  return { cpuPercent: of('cpuPercent'), rssMb: of('rssMb') };
}

function line(name, { cpuPercent, rssMb }) {
  return `${name.padEnd(24)}${cpuPercent.toFixed(1).padStart(7)} %${rssMb.toFixed(0).padStart(7)} MB`;
}

/** Clock ticks that a process and its children have used, those that have ended too: PostgreSQL works in children. */
function ticksOf(pid) {
  return familyOf(pid).reduce((total, one) => total + (statOf(one)?.ticks ?? 0), statOf(pid)?.ticksOfEnded ?? 0);
}

/** PostgreSQL's processes share most of their memory, which is counted with each: the figure is an upper bound. */
function rssMbOf(pid) {
  return familyOf(pid).reduce((total, one) => total + (statusKbOf(one) ?? 0), 0) / 1024;
}

function familyOf(pid) {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && statOf(name)?.parent === pid);
  return [pid, ...children];
}

function statOf(pid) {
  const stat = readIfThere(`/proc/${pid}/stat`);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [ticks, ticksOfEnded] = [11, 13].map((at) => Number(fields[at]) + Number(fields[at + 1]));
  return { parent: Number(fields[1]), ticks, ticksOfEnded };
}

function statusKbOf(pid) {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readIfThere(`/proc/${pid}/status`) ?? '');
  return kb === null ? null : Number(kb[1]);
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null; // the process has ended meanwhile
  }
}
