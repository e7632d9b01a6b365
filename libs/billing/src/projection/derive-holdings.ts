import { type AssignmentState, type Holding, holdingsOf, type RowRules } from '@trueup/domain';
import type { SqlRunner } from '../sql-runner.js';
import { deleteHoldings, readHoldings, slotOf, type TenantHolding, writeHoldings } from './holding-rows.js';
import { isSameJson } from './same-json.js';
import { slotIdOf } from './slot.js';
import type { StoredAssignment } from './stored-states.js';

/** A row that is no longer what it was; `undefined` on the side where it does not exist. */
export interface HoldingChange {
  tenantId: string;
  before: Holding | undefined;
  after: Holding | undefined;
}

type RulesOf = (tenantId: string) => RowRules;

/** Derives the rows of assignments from their folds and the catalogue, stores what differs, and returns it. */
export async function deriveHoldings(
  tx: SqlRunner,
  assignments: readonly StoredAssignment[],
  rulesOf: RulesOf,
): Promise<HoldingChange[]> {
  const stored = await storedHoldings(tx, assignments, rulesOf);
  const derived = assignments.flatMap(({ slot: { tenantId }, state }) => derivedFrom(tenantId, state, rulesOf));
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

/**
 * The rows as they are. Where no catalogue row prices the code, and so none ever did, they follow from the fold before and nothing else:
 * to read them back would cost as much as to write them.
 */
async function storedHoldings(
  tx: SqlRunner,
  assignments: readonly StoredAssignment[],
  rulesOf: RulesOf,
): Promise<TenantHolding[]> {
  const follows = ({ slot, before }: StoredAssignment): boolean =>
    before !== undefined && (before.state === undefined || !rulesOf(slot.tenantId).catalogue.prices(slot.code));
  const known = assignments.flatMap(({ slot: { tenantId }, before }, index) =>
    before?.state !== undefined && follows(assignments[index]!) ? derivedFrom(tenantId, before.state, rulesOf) : [],
  );
  const unknown = assignments.filter((assignment) => !follows(assignment)).map(({ slot }) => slot);
  return [...known, ...(await readHoldings(tx, unknown))];
}

const derivedFrom = (tenantId: string, state: AssignmentState, rulesOf: RulesOf): TenantHolding[] =>
  holdingsOf(state, rulesOf(tenantId)).map((holding) => ({ tenantId, holding }));

/** Rows that differ in any way, those gone first. */
export function changesBetween(stored: readonly TenantHolding[], derived: readonly TenantHolding[]): HoldingChange[] {
  const before = new Map(stored.map((row) => [rowIdOf(row), row]));
  const after = new Map(derived.map((row) => [rowIdOf(row), row]));
  const gone = [...before].filter(([id]) => !after.has(id)).map(([, row]) => changeOf(row, undefined));
  const changed = [...after].filter(([id, row]) => !isSame(before.get(id)?.holding, row.holding));
  return [...gone, ...changed.map(([id, row]) => changeOf(before.get(id), row))];
}

const rowIdOf = (row: TenantHolding): string => `${slotIdOf(slotOf(row))}\u0000${row.holding.rowKey}`;

const isSame = (before: Holding | undefined, after: Holding): boolean => before !== undefined && isSameJson(before, after);

function changeOf(before: TenantHolding | undefined, after: TenantHolding | undefined): HoldingChange {
  return { tenantId: (before ?? after)!.tenantId, before: before?.holding, after: after?.holding };
}
