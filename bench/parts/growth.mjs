// What one more event costs when 10^4, 10^5 and 10^6 assignments are there already: more customers, and larger ones.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Feed, openBilling } from '../in-process-projector.mjs';
import { growthPicture } from '../growth-picture.mjs';
import { multiply } from '../peers/multiplied-rows.mjs';
import { provisioning } from '../provisioning-stream.mjs';
import { inTurns } from '../rounds.mjs';
import { cpuSecondsOf, startServers, withDatabase } from '../servers.mjs';

const MOST = 1.2;
const PROJECTED_AT_MOST = 100_000; // more are copies of these in the tables
const PICTURE = join(import.meta.dirname, '../../docs/pictures/growth.svg');
const WAYS = {
  'more customers': { customersOf: (assignments) => assignments / 100, copiesAre: 'customers' },
  'larger customers': { customersOf: () => 24, copiesAre: 'users' },
};

export async function run({ figures, isSmall, rounds }) {
  const sizes = isSmall ? [400, 4_000, 40_000] : [10_000, 100_000, 1_000_000];
  const perRound = isSmall ? 1_000 : 6_000;
  const curves = {};
  for (const [way, { customersOf, copiesAre }] of Object.entries(WAYS)) {
    const servers = await startServers(['postgres']);
    try {
      curves[way] = await curve({
        servers,
        sizes,
        perRound,
        rounds,
        customersOf,
        copiesAre,
        most: isSmall ? 4_000 : PROJECTED_AT_MOST,
      });
    } finally {
      await servers.stop();
    }
    report(figures, way, curves[way]);
  }
  if (!isSmall) writeFileSync(PICTURE, growthPicture(curves));
}

/** Databases of all sizes side by side, measured in turns. */
async function curve({ servers, sizes, ...rest }) {
  const contestants = {};
  const within = (index) =>
    index === sizes.length
      ? inTurns(contestants, { rounds: rest.rounds })
      : withDatabase(servers, async (url) => {
          const database = await openBilling(url);
          try {
            contestants[String(sizes[index])] = await contestant({ database, servers, assignments: sizes[index], ...rest });
            return await within(index + 1);
          } finally {
            await database.destroy();
          }
        });
  const results = await within(0);
  return sizes.map((assignments) => ({ assignments, ...costOf(results[String(assignments)]) }));
}

async function contestant({ database, servers, assignments, customersOf, copiesAre, most, perRound, rounds }) {
  const projected = Math.min(assignments, most);
  const customers = Math.max(1, Math.round(customersOf(projected)));
  const feed = new Feed(database);
  const world = { assignments: projected, customers, copies: assignments / projected, copiesAre };
  await feed.apply(provisioning({ ...world, copies: 1, count: projected, isFirstContact: true, endMs: Date.now() - 7_200_000 }));
  await multiply(database, world);
  await database.query('vacuum analyze');
  const more = [...provisioning({ ...world, count: perRound * (rounds + 4), seed: 11, isHeld: true })];
  return async () => {
    const before = cpu(servers);
    const startedAt = performance.now();
    await feed.apply(more.splice(0, perRound));
    const perSecond = perRound / ((performance.now() - startedAt) / 1000);
    const after = cpu(servers);
    const share = (name) => ((after[name] - before[name]) / perRound) * 1e5;
    return { perSecond, cpuPer100k: { node: round(share('node')), postgres: round(share('postgres')) } };
  };
}

function cpu({ postgresPid }) {
  const { user, system } = process.cpuUsage();
  return { node: (user + system) / 1e6, postgres: cpuSecondsOf(postgresPid) ?? 0 };
}

const round = (value) => Math.round(value * 100) / 100;

function costOf({ median, rounds }) {
  const cpus = rounds.map(({ cpuPer100k: { node, postgres } }) => node + postgres).sort((a, b) => a - b);
  return { perSecond: median, microseconds: 1e6 / median, cpuMicroseconds: cpus[Math.floor(cpus.length / 2)] * 10, rounds };
}

function report(figures, way, points) {
  const [first, last] = [points[0], points.at(-1)];
  const ratio = last.cpuMicroseconds / first.cpuMicroseconds;
  figures.add({
    figure: `cost of an event with ${last.assignments} assignments, ${way}`,
    unit: 'µs of CPU',
    product: last.cpuMicroseconds,
    peer: first.cpuMicroseconds,
    peerName: `with ${first.assignments}`,
    ratio,
    target: `≤ ${MOST}`,
    isMet: ratio <= MOST,
    detail: points,
  });
}
