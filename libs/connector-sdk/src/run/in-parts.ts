// Half of what a record of the log may hold: the rest of the message, and the broker's own bytes, fit beside it.
const MOST_BYTES = 500_000;

/** Cuts a list so that no part is larger than a record may be; an empty list is one empty part. `mostBytes` counts the parts' JSON. */
export function inParts<T>(entries: readonly T[], mostBytes: number = MOST_BYTES): T[][] {
  const parts: T[][] = [[]];
  let bytes = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(JSON.stringify(entry)) + 1;
    if (bytes + size > mostBytes && parts.at(-1)!.length > 0) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)!.push(entry);
    bytes += size;
  }
  return parts;
}
