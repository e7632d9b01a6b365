import fc from 'fast-check';
import type { History, SeenChange, SeenLine, SeenTarget, SeenTenant } from './history.js';

const MONTH = { first: '2026-11-01', last: '2026-11-30' };

/** Levels that a line went through: no two neighbours are equal, and the first differs from the 0 that it began with. */
const levels = fc
  .array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 8 })
  .map((all) => all.filter((level, index) => level !== (all[index - 1] ?? 0)));

/** Levels by tenant and line, with which of the versions were written: the last always was. */
const story = fc.array(fc.tuple(levels, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 })), { minLength: 2, maxLength: 4 });

/** What observers see of two tenants of a product that does everything right, repeats of its relay included. */
export const cleanHistory: fc.Arbitrary<History> = fc
  .tuple(story, story, fc.boolean())
  .map(([main, neighbour, hasRepeats]) => {
    const parts = [tenantOf('main', main, hasRepeats), tenantOf('neighbour', neighbour, hasRepeats)];
    return {
      tenants: parts.map(({ tenant }) => tenant),
      stored: parts.flatMap(({ tenant }) =>
        tenant.sent.map(({ id }) => ({ tenantId: tenant.tenantId, eventId: id, mark: tenant.mark })),
      ),
      targets: parts.flatMap(({ targets }) => targets),
      changes: parts.flatMap(({ changes }) => changes),
      writes: parts.flatMap(({ writes }) => writes),
      effects: parts.flatMap(({ effects }) => effects),
      parked: [],
      probes: [{ asks: '/lines/ln', by: 'neighbour', status: 404 }],
    };
  })
  .filter(({ effects }) => effects.length > 1);

type Written = Pick<History, 'targets' | 'changes' | 'writes' | 'effects'>;

function tenantOf(
  role: string,
  lines: readonly (readonly [readonly number[], readonly boolean[]])[],
  hasRepeats: boolean,
): Written & { tenant: SeenTenant } {
  const base = role === 'main' ? 1000 : 2000;
  const written = lines.map(([all, choice], index) => lineOf(role, base + index, all, choice, hasRepeats));
  const sent = [1, 2, 3].map((n) => ({ id: `f-1-${n}`, acknowledged: n % 2, attempts: 1 }));
  return {
    tenant: {
      role,
      tenantId: `ten_${role}`,
      connectionId: `con_${role}`,
      mark: `desk-of-${role}`,
      sent,
      lines: written.map(({ line }) => line),
    },
    targets: written.flatMap(({ targets }) => targets),
    changes: written.flatMap(({ changes }) => changes),
    writes: written.flatMap(({ writes }) => writes),
    effects: written.flatMap(({ effects }) => effects),
  };
}

function lineOf(
  role: string,
  id: number,
  all: readonly number[],
  choice: readonly boolean[],
  hasRepeats: boolean,
): Written & { line: SeenLine } {
  const line = { customer: 'CUST-1', sku: `SKU-${id % 1000}`, contractId: id, contractServiceId: id };
  const keys = { lineKey: `ln_${id}`, agreementLineKey: `al_${id}` };
  const last = all.at(-1) ?? 0;
  const truth = [MONTH.first, MONTH.last].map((day) => ({ day, units: last }));
  const changes = all.map((level, index) => changeOf(role, id, index + 1, level));
  const targets = all.map((_, index) => targetOf(role, id, index + 1));
  const deltas = deltasOf(all, choice);
  return {
    line: { ...line, ...keys, truth, billed: truth, shown: String(last) },
    changes: hasRepeats ? [...changes, ...changes] : changes,
    targets: hasRepeats ? [...targets, ...targets] : targets,
    writes: deltas.map(({ delta, version }) => ({
      connectionId: `con_${role}`,
      agreementLineKey: keys.agreementLineKey,
      version,
      state: 'confirmed',
      contractServiceId: id,
      day: MONTH.first,
      delta,
    })),
    effects: deltas.map(({ delta }) => ({ contractId: id, contractServiceId: id, day: MONTH.first, delta })),
  };
}

/** A version that waits is replaced by a newer one; only the last is certain to be written. */
function deltasOf(all: readonly number[], choice: readonly boolean[]): { delta: number; version: number }[] {
  let held = 0;
  return all.flatMap((level, index) => {
    const isWritten = choice[index] === true || index === all.length - 1;
    const delta = level - held;
    if (!isWritten || delta === 0) return [];
    held = level;
    return [{ delta, version: index + 1 }];
  });
}

function changeOf(role: string, id: number, version: number, level: number): SeenChange {
  return {
    key: `con_${role}/al_${id}`,
    tenantId: `ten_${role}`,
    connectionId: `con_${role}`,
    agreementLineKey: `al_${id}`,
    account: String(id),
    version,
    steps: [{ from: MONTH.first, quantity: String(level) }],
  };
}

function targetOf(role: string, id: number, version: number): SeenTarget {
  return {
    key: `ten_${role}/ln_${id}`,
    tenantId: `ten_${role}`,
    lineKey: `ln_${id}`,
    version,
    marks: [`desk-of-${role}`],
  };
}
