// From the topic to PostgreSQL: the product beside a bare sink and Debezium, in small chunks and catching up in large ones.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PROVISIONING_EVENTS } from '../../libs/contracts/dist/index.js';
import { copyMerge, MERGE_TABLES } from '../peers/copy-merge.mjs';
import { bestAt5000, defaults, SEAT_TABLE, startConnect } from '../peers/debezium/connect-worker.mjs';
import { fillTopic, kafkaOf } from '../fill-topic.mjs';
import { measureProgress } from '../progress.mjs';
import { provisioning } from '../provisioning-stream.mjs';
import { inTurns } from '../rounds.mjs';
import { startServers, withClient, withDatabase } from '../servers.mjs';
import { startService } from '../service-process.mjs';

const SHAPES = {
  many: { what: 'many customers', customers: 2_000 },
  few: { what: 'few customers', customers: 24 },
};
const BARE_TABLES = `create schema bench;
  create table bench.inbox (tenant text, source text, id text, content jsonb, primary key (tenant, source, id));
  create table bench.seat (tenant text, customer text, usr text, service text, held boolean, at timestamptz, primary key (tenant, customer, usr, service));
  create table bench.mark (part int primary key, next bigint)`;

export async function run({ figures, isSmall, rounds }) {
  for (const [name, shape] of Object.entries(SHAPES)) {
    const servers = await startServers();
    try {
      await runShape({ servers, figures, rounds, isSmall, ...shape, isFirst: name === 'many' });
    } finally {
      await servers.stop();
    }
  }
}

async function runShape({ servers, figures, rounds, isSmall, what, customers, isFirst }) {
  const total = isSmall ? 1_000 : 80_000;
  const stream = { count: total, assignments: isSmall ? 400 : 40_000, customers: isSmall ? Math.min(customers, 40) : customers };
  await fillTopic(servers.brokers, provisioning(stream));
  const folder = join(servers.home.root, 'connect');
  await mkdir(folder, { recursive: true });
  // The rest is measured on one shape: for few customers it is no other work.
  const connect = isFirst
    ? await startConnect({ ...servers, cache: servers.home.cache, folder, port: await servers.freePort('connect') })
    : null;
  const setting = { servers, total, connect };
  try {
    const contestants = {
      'product, chunks of 500': () => product(setting, 500),
      'bare sink, chunks of 500': () => bare(setting, 500),
      ...(connect && {
        'product, chunks of 5,000': () => product(setting, 5_000),
        'bare sink, chunks of 5,000': () => bare(setting, 5_000),
        'Debezium, defaults': () => debezium(setting, defaults),
        'Debezium, best at 5,000': () => debezium(setting, bestAt5000),
        'COPY and merge, chunks of 5,000': () => copying(setting, stream),
      }),
    };
    report(figures, what, isFirst, await inTurns(contestants, { rounds }));
  } finally {
    await connect?.stop();
  }
}

function report(figures, what, isFirst, results) {
  const beside = (chunk, peerName, least) => {
    const [product, peer] = [results[`product, chunks of ${chunk}`], results[peerName]];
    const ratio = product.median / peer.median;
    const figure = `projector, chunks of ${chunk}, ${what}`;
    const detail = { product: product.rounds, peer: peer.rounds };
    const line = { figure, unit: 'events/s', product: product.median, peer: peer.median, peerName, ratio, detail };
    figures.add({ ...line, ...(least !== null && { target: `≥ ${least} of ${peerName}`, isMet: ratio >= least }) });
  };
  beside('500', 'bare sink, chunks of 500', 0.6);
  if (!isFirst) return;
  beside('5,000', 'bare sink, chunks of 5,000', 0.6);
  beside('500', 'Debezium, defaults', 1.2);
  beside('5,000', 'Debezium, best at 5,000', 1);
  beside('5,000', 'COPY and merge, chunks of 5,000', null);
}

function product({ servers, total }, chunk) {
  return withDatabase(servers, async (url) => {
    const service = startService(
      'billing-projector',
      { TRUEUP_DATABASE_URL: url, TRUEUP_KAFKA_BROKERS: servers.brokers, TRUEUP_PROJECTOR_CHUNK: String(chunk) },
      join(servers.home.logs, 'projector.log'),
    );
    try {
      return await watched(url, 'billing.watermark', 'next_offset', { servers, total, service });
    } finally {
      await service.stop();
    }
  });
}

function bare({ servers, total }, chunk) {
  return withDatabase(servers, async (url) => {
    await withClient(url, (client) => client.query(BARE_TABLES));
    const work = { brokers: servers.brokers, databaseUrl: url, topic: PROVISIONING_EVENTS, chunk };
    const child = fork(join(import.meta.dirname, '../peers/bare-projector.mjs'), [JSON.stringify(work)]);
    const ended = once(child, 'exit');
    try {
      const service = { pid: child.pid, hasEnded: () => child.exitCode !== null };
      return await watched(url, 'bench.mark', 'next', { servers, total, service });
    } finally {
      child.kill('SIGTERM');
      await ended;
    }
  });
}

/** Progress by the offsets that the contestant stores with its rows. */
function watched(url, table, column, { servers, total, service }) {
  return withClient(url, (client) => {
    const done = async () => {
      const { rows: there } = await client.query('select to_regclass($1) is not null as there', [table]);
      if (!there[0].there) return 0;
      const { rows } = await client.query(`select coalesce(sum(${column}), 0)::int as done from ${table}`);
      return rows[0].done;
    };
    const pids = { node: service.pid, postgres: servers.postgresPid };
    return measureProgress({ total, done, pids, isAlive: () => !service.hasEnded() });
  });
}

let connectors = 0;

function debezium({ servers, total, connect }, settingsOf) {
  return withDatabase(servers, async (url) => {
    await withClient(url, (client) => client.query(SEAT_TABLE));
    const name = `bench-${++connectors}`;
    const admin = kafkaOf(servers.brokers).admin();
    await admin.connect();
    const connector = await connect.connect(name, settingsOf(url));
    try {
      return await measureProgress({
        total,
        done: () => committed(admin, `connect-${name}`, connector),
        pids: { java: connect.pid, postgres: servers.postgresPid },
      });
    } finally {
      await connector.remove();
      await admin.disconnect();
    }
  });
}

async function committed(admin, groupId, connector) {
  const failure = await connector.failure();
  if (failure !== null) throw new Error(failure);
  const offsets = await admin.fetchOffsets({ groupId, topics: [PROVISIONING_EVENTS] }).catch(() => []); // the group is only forming
  return (offsets[0]?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
}

function copying({ servers }, stream) {
  return withDatabase(servers, async (url) => {
    await withClient(url, (client) => client.query(MERGE_TABLES));
    return copyMerge(url, provisioning(stream), 5_000);
  });
}
