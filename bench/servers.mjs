// Kafka and PostgreSQL of a benchmark's own, in a temporary home: the same servers and settings for the product and its peers.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createDatabase,
  databaseUrl,
  endLeftovers,
  openHome,
  PortChooser,
  ProcessJournal,
  removeOutsidePlace,
  startKafka,
  startPostgres,
} from '../deploy/local/dist/index.js';
import { createTopics } from '../deploy/local/dist/commands/create-topics.js';
import pg from 'pg';

// Room between checkpoints, and for the rows that are read again: else each round pays for another one's pages.
const POSTGRES_SETTINGS = { shared_buffers: '1GB', max_wal_size: '4GB', checkpoint_timeout: '30min' };

// On a machine that is busy a server may not answer in time.
const TRIES = 3;

/** Starts what `wanted` names (`kafka`, `postgres`); `stop` ends it and removes the home. */
export async function startServers(wanted = ['kafka', 'postgres'], tries = TRIES) {
  try {
    return await startOnce(wanted);
  } catch (error) {
    if (tries <= 1) throw error;
    console.error(`  the servers did not start, once more: ${error.message}`);
    return startServers(wanted, tries - 1);
  }
}

async function startOnce(wanted) {
  const root = mkdtempSync(join(tmpdir(), 'trueup-bench-'));
  chmodSync(root, 0o755); // as root PostgreSQL runs as another user
  const home = openHome({ TRUEUP_CACHE: process.env.TRUEUP_CACHE, TRUEUP_HOME: root });
  const journal = new ProcessJournal(root);
  const ports = new PortChooser(() => undefined);
  const port = (purpose) => ports.choose(20_000 + Math.floor(Math.random() * 10_000), purpose);
  const running = [];
  const servers = { home, freePort: port };
  const end = () => void servers.stop().finally(() => process.exit(1)); // whoever interrupts leaves nothing behind
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end);
  servers.stop = async () => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, end);
    await Promise.all(running.map((process) => process.stop()));
    await endLeftovers(journal); // a server that never answered
    await removeOutsidePlace(root);
    rmSync(root, { recursive: true, force: true });
  };
  try {
    await startWanted({ wanted, servers, running, journal, port });
  } catch (error) {
    await servers.stop();
    throw error;
  }
  return servers;
}

async function startWanted({ wanted, servers, running, journal, port }) {
  const { home } = servers;
  if (wanted.includes('kafka')) {
    const addresses = { brokerPort: await port('kafka'), controllerPort: await port('kafka controller'), extraListeners: [] };
    running.push(await startKafka(home, journal, addresses));
    servers.brokers = `127.0.0.1:${addresses.brokerPort}`;
    await createTopics(servers.brokers);
  }
  if (wanted.includes('postgres')) {
    const access = { port: await port('postgres'), password: randomBytes(18).toString('base64url') };
    const postgres = await withSettings(await startPostgres(home, journal, access), access, () =>
      startPostgres(home, journal, access),
    );
    running.push(postgres);
    servers.postgresPid = postgres.pid;
    servers.databaseUrl = databaseUrl(access);
  }
}

async function withSettings(postgres, access, restart) {
  await withClient(databaseUrl(access), async (client) => {
    for (const [name, value] of Object.entries(POSTGRES_SETTINGS)) await client.query(`alter system set ${name} = '${value}'`);
  });
  await postgres.stop();
  return restart();
}

/** Runs `work` with a connection of its own. */
export async function withClient(url, work) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Runs `work` with the URL of a new, empty database, after a checkpoint, and drops it. */
export async function withDatabase(servers, work) {
  const url = new URL(servers.databaseUrl);
  const name = `bench_${randomBytes(6).toString('hex')}`;
  url.pathname = `/${name}`;
  await createDatabase(url.href);
  await withClient(servers.databaseUrl, (client) => client.query('checkpoint'));
  try {
    return await work(url.href);
  } finally {
    await withClient(servers.databaseUrl, (client) => client.query(`drop database ${name} with (force)`));
  }
}

const TICKS_PER_SECOND = 100; // USER_HZ, what /proc counts in

/** CPU seconds that a process and its children have used so far, those that have ended too (Linux; null elsewhere). */
export function cpuSecondsOf(pid) {
  const own = statOf(pid);
  if (own === null) return null;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(statOf);
  const ticks = children.filter((one) => one?.parent === pid).reduce((sum, one) => sum + one.ticks, own.ticks + own.ticksOfEnded);
  return ticks / TICKS_PER_SECOND;
}

function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [ticks, ticksOfEnded] = [11, 13].map((at) => Number(fields[at]) + Number(fields[at + 1]));
    return { parent: Number(fields[1]), ticks, ticksOfEnded };
  } catch {
    return null; // the process has ended meanwhile, or the system has no /proc
  }
}
