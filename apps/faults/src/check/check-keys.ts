import type { History } from './history.js';
import type { Finding } from './verdict.js';

/** Per key of a topic: a version is never older than one before it, unless it is a repeat; and the last record has the newest one. */
export function checkKeys({ targets, changes }: History): Finding[] {
  return [...orderOf('line target', targets), ...orderOf('quantity change', changes)];
}

function orderOf(what: string, records: readonly { key: string; version: number }[]): Finding[] {
  const byKey = Map.groupBy(records, ({ key }) => key);
  return [...byKey].flatMap(([key, all]): Finding[] => {
    const isSorted = areNewVersionsAscending(all) && all.at(-1)!.version === Math.max(...all.map(({ version }) => version));
    if (isSorted) return [];
    const versions = all.map(({ version }) => version).join(' ');
    return [{ kind: 'reordered', count: 1, what: `${what} ${key}: versions came as ${versions}` }];
  });
}

/** A relay that died before it marked repeats what it had published; what appears for the first time must still be the newest. */
function areNewVersionsAscending(records: readonly { version: number }[]): boolean {
  let newest = 0;
  const seen = new Set<number>();
  for (const { version } of records) {
    if (!seen.has(version) && version < newest) return false;
    seen.add(version);
    newest = Math.max(newest, version);
  }
  return true;
}
