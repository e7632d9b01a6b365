const DEFAULT_MS = 60_000;
const LONGEST_MS = 3_600_000;

/** Milliseconds to wait: the header's seconds or date, else a minute. Never less than told, and never all callers at once. */
export function retryAfterMs(header: string | undefined, now: Date, random: () => number = Math.random): number {
  const told = header === undefined ? undefined : toldMs(header.trim(), now);
  const ms = Math.min(told ?? DEFAULT_MS, LONGEST_MS);
  return Math.ceil(ms + random() * Math.min(1_000, ms / 10));
}

function toldMs(header: string, now: Date): number | undefined {
  if (/^\d+$/.test(header)) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
}
