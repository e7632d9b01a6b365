import type { InFlight } from '../services/admin-side.js';

export interface ShownProcess {
  readonly service: string;
  readonly replica: number;
  readonly pid: number | null;
  readonly state: string;
  /** What its admin side says; null for infrastructure, which has none. */
  readonly admin: { readonly isReady: boolean; readonly inFlight: readonly InFlight[] | null } | null;
}

/** The processes as `npm run status` shows them: state, whether they are ready, and what they still have to do. */
export function statusLines(now: string, processes: readonly ShownProcess[]): string[] {
  return [`Trueup is running; its clock says ${now}`, ...processes.map(lineOf)];
}

function lineOf({ service, replica, pid, state, admin }: ShownProcess): string {
  const name = `${service}/${replica}`.padEnd(24);
  return `  ${name}${state.padEnd(10)}${String(pid ?? '-').padEnd(10)}${admin === null ? '' : wordsOf(admin)}`.trimEnd();
}

function wordsOf({ isReady, inFlight }: NonNullable<ShownProcess['admin']>): string {
  const work = (inFlight ?? []).filter(({ count }) => count > 0).map(({ what, count }) => `${count} ${what}`);
  return `${(isReady ? 'ready' : 'not ready').padEnd(11)}${work.length === 0 ? (inFlight === null ? '' : 'nothing waits') : work.join(', ')}`;
}
