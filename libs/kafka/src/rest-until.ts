const LONGEST_SLEEP_MS = 500;

/** Calls `wake` once `now()` has reached the instant; looks again at least every half second, because tests move the clock. Returns the cancel. */
export function restUntil(instant: Date, now: () => Date, wake: () => void): () => void {
  let timer: NodeJS.Timeout;
  const look = (): void => {
    const leftMs = instant.getTime() - now().getTime();
    if (leftMs <= 0) wake();
    else timer = setTimeout(look, Math.min(leftMs, LONGEST_SLEEP_MS));
  };
  timer = setTimeout(look, Math.min(Math.max(instant.getTime() - now().getTime(), 0), LONGEST_SLEEP_MS));
  return () => clearTimeout(timer);
}
