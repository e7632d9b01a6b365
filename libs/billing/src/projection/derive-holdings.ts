import { canonicalJson } from '@trueup/contracts';
import { type Holding, holdingsOf, type RowRules } from '@trueup/domain';
import type { SqlRunner } from '../sql-runner.js';
import { deleteHoldings, readHoldings, slotOf, type TenantHolding, writeHoldings } from './holding-rows.js';
import { slotIdOf } from './slot.js';
import type { StoredAssignment } from './stored-states.js';

/** A row that is no longer what it was; `undefined` on the side where it does not exist. */
export interface HoldingChange {
  tenantId: string;
  before: Holding | undefined;
  after: Holding | undefined;
}

/** Derives the rows of assignments from their folds and the catalogue, stores what differs, and returns it. */
export async function deriveHoldings(
  tx: SqlRunner,
  assignments: readonly StoredAssignment[],
  rulesOf: (tenantId: string) => RowRules,
): Promise<HoldingChange[]> {
  const known = assignments.filter(({ isNew }) => !isNew).map(({ slot }) => slot);
  const stored = await readHoldings(tx, known);
  const derived = assignments.flatMap(({ slot: { tenantId }, state }) =>
    holdingsOf(state, rulesOf(tenantId)).map((holding) => ({ tenantId, holding })),
  );
  const changes = changesBetween(stored, derived);
  await deleteHoldings(
    tx,
    changes.flatMap(({ tenantId, before, after }) => (before && !after ? [{ tenantId, holding: before }] : [])),
  );
  await writeHoldings(
    tx,
    changes.flatMap(({ tenantId, after }) => (after ? [{ tenantId, holding: after }] : [])),
  );
  return changes;
}

/** Rows that differ in any way, those gone first. */
export function changesBetween(stored: readonly TenantHolding[], derived: readonly TenantHolding[]): HoldingChange[] {
  const before = new Map(stored.map((row) => [rowIdOf(row), row]));
  const after = new Map(derived.map((row) => [rowIdOf(row), row]));
  const gone = [...before].filter(([id]) => !after.has(id)).map(([, row]) => changeOf(row, undefined));
  const changed = [...after].filter(([id, row]) => !isSame(before.get(id)?.holding, row.holding));
  return [...gone, ...changed.map(([id, row]) => changeOf(before.get(id), row))];
}

const rowIdOf = (row: TenantHolding): string => `${slotIdOf(slotOf(row))}\u0000${row.holding.rowKey}`;

const isSame = (before: Holding | undefined, after: Holding): boolean =>
  before !== undefined && canonicalJson(before) === canonicalJson(after);

function changeOf(before: TenantHolding | undefined, after: TenantHolding | undefined): HoldingChange {
  return { tenantId: (before ?? after)!.tenantId, before: before?.holding, after: after?.holding };
}
