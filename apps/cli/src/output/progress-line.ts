const BAR = 24;

export interface Advance {
  /** Of the whole work, and where this run began. */
  done: number;
  total: number;
  from: number;
  elapsedMs: number;
  /** Events of this run that have their fate. */
  events: number;
  rejected: number;
}

/** "[########----------------]  33 %  12,345 events  3,210/s  12 s left  3 rejected" */
export function progressLine({ done, total, from, elapsedMs, events, rejected }: Advance): string {
  const share = total === 0 ? 1 : done / total;
  const filled = Math.round(share * BAR);
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(BAR - filled)}]`;
  const perSecond = elapsedMs > 0 ? Math.round((events * 1000) / elapsedMs) : 0;
  const percent = `${String(Math.floor(share * 100)).padStart(3)} %`;
  const left = done > from ? ((total - done) * elapsedMs) / (done - from) : null;
  const parts = [`${bar} ${percent}`, `${grouped(events)} events`, `${grouped(perSecond)}/s`];
  if (left !== null) parts.push(`${durationText(left)} left`);
  if (rejected > 0) parts.push(`${grouped(rejected)} rejected`);
  return parts.join('  ');
}

/** "7,341" */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** "42 s", "3 min 20 s", "2 h 5 min" */
export function durationText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
