const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Aborted once somebody wants the runtime to stop: Ctrl-C, a polite kill, the terminal closing, or the end of the
 * program that started us. Repeated signals change nothing: an orderly stop is already under way.
 */
export function stopRequested(): AbortSignal {
  const stop = new AbortController();
  for (const signal of signals) process.on(signal, () => stop.abort());
  // Writing to a terminal that is gone must not end us before our processes.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => stop.abort());
  stopWithParent(stop);
  return stop.signal;
}

function stopWithParent(stop: AbortController): void {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) stop.abort();
  }, 500);
  watch.unref();
}
