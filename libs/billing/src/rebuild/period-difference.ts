import { canonicalJson, type Item, type Step } from '@trueup/contracts';
import type { SnapshotLine, SnapshotPart } from '../closing/snapshot-rows.js';

/** A row of a period that reads otherwise than before; null on the side where there is none. */
export interface RowDifference {
  customerCode: string;
  before: Item | null;
  after: Item | null;
}

/** A line of a period that counts otherwise than before. */
export interface LineDifference {
  lineKey: string;
  customerCode: string;
  sku: string;
  before: Step[];
  after: Step[];
}

/** What a reprocess changes, or would change. */
export interface PeriodDifference {
  rows: RowDifference[];
  lines: LineDifference[];
}

/** The items and lines of a period as they stood before. */
export type PeriodPart = Pick<SnapshotPart, 'items' | 'lines'>;

/** Compares two states of the same customers in a period. A new name alone is no difference: no count and no date depends on it. */
export function periodDifference(before: PeriodPart, after: PeriodPart): PeriodDifference {
  const items = pairs(
    before.items,
    after.items,
    ({ holding: { identity, rowKey } }) => canonicalJson([identity, rowKey]),
    ({ item }) => canonicalJson(nameless(item)),
  );
  const lines = pairs(before.lines, after.lines, ({ lineKey }) => lineKey, countsOf);
  return {
    rows: items.map(([was, is]) => ({
      customerCode: (is ?? was)!.item.customerCode,
      before: was?.item ?? null,
      after: is?.item ?? null,
    })),
    lines: lines.map(([was, is]) => ({
      ...nameOf((is ?? was)!),
      before: was?.counts.steps ?? [],
      after: is?.counts.steps ?? [],
    })),
  };
}

const nameOf = ({ lineKey, customerCode, sku }: SnapshotLine) => ({ lineKey, customerCode, sku });
const countsOf = ({ counts, opening }: SnapshotLine): string => canonicalJson({ counts, opening });

function nameless({ customerName: _c, customerNameThen: _ct, userName: _u, userNameThen: _ut, ...item }: Item): object {
  return item;
}

function pairs<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (one: T) => string,
  contentOf: (one: T) => string,
): [T | undefined, T | undefined][] {
  const were = new Map(before.map((one) => [keyOf(one), one]));
  const are = new Map(after.map((one) => [keyOf(one), one]));
  const gone = [...were].filter(([key]) => !are.has(key)).map(([, one]): [T, undefined] => [one, undefined]);
  const changed = [...are].flatMap(([key, one]): [T | undefined, T][] => {
    const was = were.get(key);
    return was !== undefined && contentOf(was) === contentOf(one) ? [] : [[was, one]];
  });
  return [...gone, ...changed];
}
