/** A name (and, of a user, its UPN) from an instant on. */
export interface NameEntry {
  at: string;
  name: string;
  upn?: string;
}

/** The name at an instant (UTC text with milliseconds); before the first one known, the first. `undefined` when none is known. */
export function nameAt(history: readonly NameEntry[], at: string): NameEntry | undefined {
  return history.findLast((entry) => entry.at <= at) ?? history[0];
}

/** The newest name. */
export function nameNow(history: readonly NameEntry[]): NameEntry | undefined {
  return history.at(-1);
}

/** The history with a name from `entry.at` on; an absent UPN stays as it was, the same name again is nothing. */
export function withName(history: readonly NameEntry[], entry: NameEntry): NameEntry[] {
  const upn = entry.upn ?? history.at(-1)?.upn;
  const earlier = history.filter((known) => known.at < entry.at);
  const before = earlier.at(-1);
  if (before !== undefined && before.name === entry.name && before.upn === upn) return earlier;
  return [...earlier, { at: entry.at, name: entry.name, ...(upn !== undefined && { upn }) }];
}
