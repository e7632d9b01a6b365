import { type Guard, addDays } from '@trueup/contracts';
import type { AgreementLineRow } from '@trueup/control';
import { opensAt, parsePostingWindow, spentBudget, zoneCalendar } from '@trueup/domain';
import type { TenantDay } from '../tenant-day.js';
import type { Candidate } from './draft-line.js';
import { isJudged } from './judge-candidates.js';

/** Until when a candidate waits, and why. It goes out by itself then. */
export interface Delay {
  until: Date;
  code: 'WAITS_FOR_DATE' | 'RATE_LIMITED';
  message: string;
}

/** What has candidates wait: posting windows that are shut, and write budgets that are spent. By agreement line key. */
export function delayCandidates(candidates: readonly Candidate[], day: TenantDay): Map<string, Delay> {
  const openings = new Map<string, number | null>();
  const delays = new Map<string, Delay>();
  for (const candidate of candidates.filter(isJudged)) {
    const delay = shutWindow(candidate, day, openings) ?? spentBudgetOf(candidate, day);
    if (delay) delays.set(candidate.row.agreementLineKey, delay);
  }
  return delays;
}

/** Every window must be open; the one that opens last says how long. */
function shutWindow({ guards }: Candidate, day: TenantDay, openings: Map<string, number | null>): Delay | undefined {
  const shut = guards
    .filter(({ kind }) => kind === 'window')
    .flatMap((guard) => {
      const openMs = openings.get(guard.id) ?? openingOf(guard, day);
      openings.set(guard.id, openMs);
      return openMs === null ? [] : [{ guard, openMs }];
    })
    .sort((a, b) => b.openMs - a.openMs)[0];
  if (shut === undefined) return undefined;
  const until = new Date(shut.openMs);
  const message = `Waits for the posting window ${shut.guard.value} (guard ${shut.guard.id}), which opens ${wordsOf(until, day)}`;
  return { until, code: 'WAITS_FOR_DATE', message };
}

function openingOf({ value }: Guard, { timeZone, at }: TenantDay): number | null {
  const window = parsePostingWindow(value);
  return window && opensAt(window, timeZone, at.getTime());
}

/** What the PSA has not confirmed yet may carry a seat: only a line at rest is kept from being written again. */
function spentBudgetOf({ row, parts, guards }: Candidate, day: TenantDay): Delay | undefined {
  if (row.deliveredVersion !== row.version || hasNewCause(row, parts)) return undefined;
  const guard = spentBudget(row.spentBudget, guards, day.today);
  if (guard === undefined) return undefined;
  const until = new Date(zoneCalendar(day.timeZone).startOfDayMs(addDays(day.today, 1)));
  const message = `Was released ${guard.value} times today without a new cause (guard ${guard.id}); goes on ${wordsOf(until, day)}`;
  return { until, code: 'RATE_LIMITED', message };
}

/** Whether a line that the last release did not know is behind it: another target of a part, a part more or less. */
export function hasNewCause({ change }: Pick<AgreementLineRow, 'change'>, parts: Candidate['parts']): boolean {
  const known = new Map((change?.parts ?? []).map((part) => [part.lineKey, part.targetVersion]));
  return known.size !== parts.length || parts.some((part) => known.get(part.lineKey) !== part.targetVersion);
}

function wordsOf(instant: Date, { timeZone }: TenantDay): string {
  return `${instant.toLocaleString('en-GB', { timeZone, dateStyle: 'medium', timeStyle: 'short' })} (${timeZone})`;
}
