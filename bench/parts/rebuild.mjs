// Everything of a tenant folded again from the event store, beside COPY and merge of the same events.
import { rebuild } from '../../libs/billing/dist/rebuild/rebuild.js';
import { requestRebuild } from '../../libs/billing/dist/index.js';
import { TENANT } from '../fill-topic.mjs';
import { Feed, openBilling } from '../in-process-projector.mjs';
import { copyMerge, MERGE_TABLES } from '../peers/copy-merge.mjs';
import { provisioning } from '../provisioning-stream.mjs';
import { inTurns } from '../rounds.mjs';
import { cpuSecondsOf, startServers, withClient, withDatabase } from '../servers.mjs';

const LEAST = 0.5;

export async function run({ figures, isSmall, rounds }) {
  const stream = isSmall
    ? { count: 3_000, assignments: 1_200, customers: 30 }
    : { count: 60_000, assignments: 24_000, customers: 240 };
  const servers = await startServers(['postgres']);
  try {
    await withDatabase(servers, async (url) => {
      const database = await openBilling(url);
      await new Feed(database).apply(provisioning(stream));
      await database.query('vacuum analyze');
      // Derived rows are gone, and so are the lines' counts: all of it is written again.
      const product = () => rebuilt(database, servers, stream.count);
      const peer = () =>
        withDatabase(servers, async (other) => {
          await withClient(other, (client) => client.query(MERGE_TABLES));
          return copyMerge(other, provisioning(stream), 5_000);
        });
      const results = await inTurns({ product, peer }, { rounds });
      await database.destroy();
      report(figures, results.product, results.peer);
    });
  } finally {
    await servers.stop();
  }
}

async function rebuilt(database, servers, events) {
  await database.query('truncate billing.holding, billing.assignment');
  const now = () => new Date();
  const operationId = await database.transaction((tx) => requestRebuild(tx, TENANT, {}, { actor: { id: 'bench' }, now: now() }));
  const before = cpuOf(servers);
  const startedAt = performance.now();
  await rebuild(database, { tenantId: TENANT, operationId }, now);
  const perSecond = events / ((performance.now() - startedAt) / 1000);
  const after = cpuOf(servers);
  const share = (name) => Math.round(((after[name] - before[name]) / events) * 1e7) / 100;
  return { perSecond, cpuPer100k: { node: share('node'), postgres: share('postgres') } };
}

function cpuOf({ postgresPid }) {
  const { user, system } = process.cpuUsage();
  return { node: (user + system) / 1e6, postgres: cpuSecondsOf(postgresPid) ?? 0 };
}

function report(figures, product, peer) {
  const ratio = product.median / peer.median;
  figures.add({
    figure: 'rebuild from the event store, rows gone',
    unit: 'events/s',
    product: product.median,
    peer: peer.median,
    peerName: 'COPY and merge, chunks of 5,000',
    ratio,
    target: `≥ ${LEAST}`,
    isMet: ratio >= LEAST,
    detail: { product: product.rounds, peer: peer.rounds },
  });
}
