const LONGEST_MS = 300_000;

/** How long an answer asks to wait, in milliseconds: seconds or a date, at most five minutes; null when it does not say. */
export function retryAfterMs(header: string | null, now: Date): number | null {
  if (header === null) return null;
  const text = header.trim();
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), LONGEST_MS);
}

/** Doubling pauses with a random part, so that many senders do not come back at the same moment: about 0.5 s, 1 s … 30 s. */
export function pauseMs(attempt: number, random = Math.random()): number {
  return Math.min(500 * 2 ** Math.min(attempt, 10), 30_000) * (0.75 + random / 2);
}
