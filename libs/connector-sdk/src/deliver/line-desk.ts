import { FINAL_OUTCOMES, type Step } from '@trueup/contracts';
import { isRefusal, type AgreementLineRef, type Held, type Located, type Memory, type Refusal } from '../connector/connector.js';
import type { LedgerStep, Recorded } from '../ledger/apply-step.js';
import type { ClaimedLine } from '../ledger/ledger.js';
import { isUnsettled, type Baseline, type LedgerWrite, type WaitsOn } from '../ledger/line-row.js';
import { localDay, later } from './due-times.js';
import type { Barred } from './gate.js';
import type { OpenConnection } from './open-connection.js';
import { outcomeOf, outcomeWriteOf, type Looked, type OutcomeParts } from './outcome-of.js';
import { agreementLineRef, placeKeyOf } from './place.js';
import { countWrite } from './work-metrics.js';
import { LeaseLost, type Workplace } from './workplace.js';

const HOUR_MS = 3_600_000;

/** One line on the desk: what the ledger knows, what the PSA was read to hold, and the ways to record and to read again. */
export class LineDesk {
  baseline?: Baseline;
  lastLevel?: readonly Step[];
  writes: LedgerWrite[];
  readAt: Date;

  constructor(
    readonly place: Workplace,
    readonly open: OpenConnection,
    readonly line: ClaimedLine,
    public located: Located<unknown>,
    public held: Held<unknown>,
    /** A remap moves the line to an agreement line that bills the same record: nothing is to be written here. */
    readonly isHandedOver: boolean = false,
  ) {
    this.writes = [...line.writes];
    // Another record, as after a renewed agreement, was never looked at: what was known of the old one says nothing about it.
    const isOtherRecord = this.unsettled === undefined && isMoved(line.recordIds, located.recordIds);
    this.baseline = isOtherRecord ? undefined : line.baseline;
    this.lastLevel = isOtherRecord ? undefined : line.lastLevel;
    this.readAt = place.now();
  }

  get today(): string {
    return localDay(this.place.now(), this.open.connection.timeZone);
  }

  get unsettled(): LedgerWrite | undefined {
    return this.writes.find(isUnsettled);
  }

  get looked(): Looked {
    return { steps: this.held.steps, token: this.held.token, readAt: this.readAt };
  }

  memory(): Memory {
    const { graceHours, timeZone } = this.open.connection;
    const executed = this.writes.filter((each) => each.state === 'confirmed' || isUnsettled(each));
    return {
      today: localDay(later(this.place.now(), -graceHours * HOUR_MS), timeZone),
      lastLevel: this.lastLevel ?? this.baseline?.steps ?? [],
      usedDates: [...new Set(executed.map((each) => each.write.effectiveDate))].sort(),
      writes: this.writes.flatMap((each) => {
        const { writeKey, version, state, refusalCode } = each;
        if (isUnsettled(each)) return [];
        const settled = state as 'confirmed' | 'refused' | 'not-executed' | 'vouched';
        return [{ writeKey, version, effectiveDate: each.write.effectiveDate, state: settled, code: refusalCode }];
      }),
    };
  }

  /** Records one step; the baseline and last level found so far go along. Throws LeaseLost. */
  async record(step: LedgerStep): Promise<Recorded> {
    const recorded = await this.place.ledger.record(this.line, { baseline: this.baseline, lastLevel: this.lastLevel, ...step });
    this.place.onProgress?.();
    if (recorded === 'lost') throw new LeaseLost();
    for (const write of step.writes ?? []) this.#put(write);
    return recorded;
  }

  /** Tells an outcome, a final one with every confirmed write that was not told yet, and says when the line is looked at next. */
  async conclude(parts: OutcomeParts, next: LedgerStep['next'], changed: readonly LedgerWrite[] = []): Promise<void> {
    const untold = FINAL_OUTCOMES.has(parts.kind) ? this.untold() : [];
    const writes = [...untold.map((each) => this.told(each)), ...(parts.writes ?? [])];
    const told = { baseline: this.baseline, looked: this.looked, ...parts, writes };
    const reported = untold.map((each) => ({ ...each, isReported: true }));
    await this.record({ outcome: outcomeOf(this.line, told, this.place.now()), next, writes: [...reported, ...changed] });
  }

  /** Tells once that the line waits. */
  async defer({ code, message, waitsOn, afterMs }: Barred, kind: 'deferred' | 'unsettled' = 'deferred'): Promise<void> {
    const now = this.place.now();
    const outcome = outcomeOf(this.line, { kind, code, message }, now);
    await this.record({ outcome, next: { dueAt: later(now, afterMs), waitsOn } });
  }

  async dueAt(dueAt: Date, waitsOn?: WaitsOn): Promise<void> {
    await this.record({ next: { dueAt, waitsOn } });
  }

  /** Confirmed writes that no final outcome has told of. */
  untold(): LedgerWrite[] {
    return this.writes.filter((each) => each.state === 'confirmed' && !each.isReported);
  }

  told(write: LedgerWrite): ReturnType<typeof outcomeWriteOf> {
    return outcomeWriteOf(write.writeKey, write.write, write.answer);
  }

  /** Reads the line again; a line that was not there yet is located again first. */
  async reread(): Promise<Refusal | undefined> {
    if (this.located.recordIds.length === 0) {
      const refusal = await this.#relocate();
      if (refusal !== undefined) return refusal;
    }
    this.located = { ...this.located, line: this.ref };
    const [held] = await this.place.connector.read([this.located], this.open.psa);
    if (held === undefined || isRefusal(held)) return held ?? { refused: 'LINE_MISSING', message: 'The PSA shows no such line' };
    this.place.onProgress?.();
    this.held = held;
    this.readAt = this.place.now();
    return undefined;
  }

  /** The line with what has become known of it since it was claimed. */
  get ref(): AgreementLineRef {
    const { line, writes, lastLevel, baseline } = this;
    return agreementLineRef({ ...line, writes, lastLevel, baseline }, this.today);
  }

  async #relocate(): Promise<Refusal | undefined> {
    const [located] = await this.place.connector.locate([this.ref], this.open.psa);
    if (located === undefined || isRefusal(located)) {
      return located ?? { refused: 'LINE_MISSING', message: 'The PSA shows no such line' };
    }
    const other = await this.place.ledger.claimRecords(this.line, located.recordIds);
    if (other !== undefined) return { refused: 'LINE_CLAIMED_TWICE', message: `The record belongs to ${other}` };
    this.located = located;
    this.open.places.put(placeKeyOf(this.ref), located);
    return undefined;
  }

  #put(write: LedgerWrite): void {
    const before = this.writes.find((each) => each.writeKey === write.writeKey);
    if (before?.state !== write.state) countWrite(this.line.connectionId, write.state);
    this.writes = [...this.writes.filter((each) => each.writeKey !== write.writeKey), write];
  }
}

function isMoved(known: readonly string[], found: readonly string[]): boolean {
  return known.length > 0 && found.length > 0 && !found.some((id) => known.includes(id));
}
