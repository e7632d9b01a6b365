import {
  levelOn,
  type Code,
  type ManualChange,
  type Outcome,
  type OutcomeKind,
  type OutcomeWrite,
  type ShiftedDays,
  type Step,
} from '@trueup/contracts';
import { shortestFrom } from '../connector/schedule.js';
import type { Write } from '../connector/next.js';
import type { ClaimedLine } from '../ledger/ledger.js';
import type { Baseline, LedgerWrite } from '../ledger/line-row.js';

/** What a look at the PSA gave, as an outcome tells it. */
export interface Looked {
  steps: readonly Step[] | 'unreadable';
  token?: string;
  readAt: Date;
}

export interface OutcomeParts {
  kind: OutcomeKind;
  code: Code;
  message: string;
  baseline?: Baseline;
  looked?: Looked;
  writes?: readonly OutcomeWrite[];
  until?: string;
  candidates?: readonly string[];
  /** What a person is to do. */
  manual?: ManualChange;
  shifted?: readonly ShiftedDays[];
}

export type UntoldOutcome = Omit<Outcome, 'attempt'>;

/** An outcome of the version that the line was claimed with. */
export function outcomeOf(line: ClaimedLine, parts: OutcomeParts, now: Date): UntoldOutcome {
  const { baseline, looked, writes, until, candidates, manual, shifted } = parts;
  return {
    tenantId: line.tenantId,
    changeId: line.changeId,
    connectionId: line.connectionId,
    agreementLineKey: line.key,
    version: line.version,
    kind: parts.kind,
    code: parts.code,
    message: parts.message,
    at: now.toISOString(),
    isPreview: line.isPreview,
    ...(baseline !== undefined && { baseline: { steps: [...baseline.steps], at: baseline.at } }),
    ...(looked !== undefined && { held: heldOf(line, looked) }),
    ...(writes !== undefined && writes.length > 0 && { writes: [...writes] }),
    ...(until !== undefined && { until }),
    ...(shifted !== undefined && shifted.length > 0 && { shifted: [...shifted] }),
    ...(candidates !== undefined && { candidates: [...candidates] }),
    ...(manual !== undefined && { manual }),
  };
}

function heldOf(line: ClaimedLine, { steps, token, readAt }: Looked): Outcome['held'] {
  const shown = steps === 'unreadable' ? steps : shortestFrom(steps, line.change.writesFrom);
  return { steps: shown, ...(token !== undefined && { token }), readAt: readAt.toISOString() };
}

/** A write as an outcome tells it: the levels on its day, the request without secrets, the PSA's answer as receipt. */
export function outcomeWriteOf(writeKey: string, write: Write, answer?: LedgerWrite['answer']): OutcomeWrite {
  const { effectiveDate, meantFor, writtenOver } = write;
  return {
    writeKey,
    effectiveDate,
    ...(meantFor !== undefined && { meantFor }),
    ...(writtenOver !== undefined && { writtenOver }),
    before: levelOn(write.before, effectiveDate),
    after: levelOn(write.after, effectiveDate),
    request: write.request,
    ...(answer !== undefined && { receipt: answer }),
  };
}

/** `11 → 14 from 2026-07-13`, and the day that it was meant for. */
export function wordsOfWrite(write: Write): string {
  const { before, after } = outcomeWriteOf('', write);
  const moved = write.meantFor === undefined ? '' : ` (EFFECTIVE_DATE_SHIFTED: meant for ${write.meantFor})`;
  return `${before} → ${after} from ${write.effectiveDate}${moved}`;
}
