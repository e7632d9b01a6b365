import type { Outcome } from '@trueup/contracts';
import { acceptChange, type Pace } from './accept-change.js';
import { applyStep, type LedgerStep, type Recorded } from './apply-step.js';
import type {
  ArrivedBatch,
  ClaimedLine,
  ClaimRequest,
  Ledger,
  OpenWork,
  QuarantinedChange,
  RequestSort,
  UnsettledWrites,
  WaitingLines,
} from './ledger.js';
import { takeOver } from './take-over.js';
import { isUnsettled, type LedgerWrite, type LineRow } from './line-row.js';

/** The ledger's in-memory twin, for specs and for partners' first steps. */
export class MemoryLedger implements Ledger {
  readonly outcomes: Outcome[] = [];
  readonly quarantined: QuarantinedChange[] = [];
  readonly #rows = new Map<string, LineRow>();
  readonly #writes = new Map<string, LedgerWrite[]>();
  readonly #records = new Map<string, string>();
  readonly #leases = new Map<string, { owner?: string; fence: number }>();
  readonly #answered = { check: new Map<string, number>(), list: new Map<string, number>() };

  constructor(private readonly pace: Pace) {}

  async accept(batch: ArrivedBatch, now: Date): Promise<void> {
    this.quarantined.push(...batch.quarantined);
    for (const arrived of batch.changes) {
      const id = idOf(arrived.connectionId, arrived.key);
      const accepted = acceptChange(this.#rows.get(id), arrived, now, this.pace);
      if (accepted === undefined) continue;
      this.#rows.set(id, accepted.row);
      this.outcomes.push(...accepted.superseded);
      if (accepted.row.isGone) this.#dropRecords(id);
    }
  }

  async heartbeat(): Promise<void> {
    // One process owns this twin: it lives as long as anybody can ask.
  }

  async dueConnections(now: Date): Promise<string[]> {
    return [...new Set(this.#dueRows(now).map((row) => row.connectionId))];
  }

  async nextDueAt(now: Date): Promise<Date | undefined> {
    const times = [...this.#rows.values()].filter((row) => row.isDue && row.dueAt > now).map((row) => row.dueAt.getTime());
    return times.length === 0 ? undefined : new Date(Math.min(...times));
  }

  async claim({ owner, connectionId, now, limit, held }: ClaimRequest): Promise<ClaimedLine[]> {
    const mayTakeFrom = (account: string): (string | undefined)[] => (held.includes(account) ? [undefined] : [undefined, owner]);
    const due = this.#dueRows(now).filter(
      (row) => row.connectionId === connectionId && mayTakeFrom(row.account).includes(this.#lease(row).owner),
    );
    const taken = due.slice(0, limit);
    for (const account of new Set(taken.map((row) => idOf(row.connectionId, row.account)))) {
      this.#leases.set(account, { owner, fence: (this.#leases.get(account)?.fence ?? 0) + 1 });
    }
    return taken.map((row) => this.#claimed(row, owner));
  }

  async claimRecords(line: ClaimedLine, recordIds: readonly string[]): Promise<string | undefined> {
    const id = idOf(line.connectionId, line.key);
    const places = recordIds.map((recordId) => idOf(line.connectionId, recordId));
    const other = places.map((place) => this.#records.get(place)).find((holder) => holder !== undefined && holder !== id);
    if (other !== undefined) return this.#rows.get(other)!.key;
    this.#dropRecords(id);
    for (const place of places) this.#records.set(place, id);
    return undefined;
  }

  async takeOver(line: ClaimedLine, fromKey: string): Promise<ClaimedLine | undefined> {
    const [id, fromId] = [idOf(line.connectionId, line.key), idOf(line.connectionId, fromKey)];
    const taken = takeOver(this.#rows.get(id)!, this.#rows.get(fromId)!, this.#writes.get(fromId) ?? []);
    if (taken === undefined) return undefined;
    this.#rows.set(id, taken.line);
    this.#rows.set(fromId, taken.from);
    for (const [place, holder] of this.#records) if (holder === fromId) this.#records.set(place, id);
    const { baseline, lastLevel } = taken.line;
    return { ...line, baseline, lastLevel, recordIds: this.#claimed(taken.line, line.owner).recordIds };
  }

  async record(line: ClaimedLine, step: LedgerStep): Promise<Recorded> {
    const lease = this.#lease(line);
    if (lease.owner !== line.owner || String(lease.fence) !== line.fence) return 'lost';
    const id = idOf(line.connectionId, line.key);
    const applied = applyStep(this.#rows.get(id)!, line.version, step);
    if (applied.verdict === 'superseded' && step.needsNewest === true) return 'superseded';
    this.#rows.set(id, applied.row);
    for (const write of step.writes ?? []) this.#putWrite(id, write);
    if (applied.outcome !== undefined) this.outcomes.push(applied.outcome);
    return applied.verdict;
  }

  async release(owner: string, connectionId: string, accounts: readonly string[]): Promise<void> {
    for (const account of accounts) {
      const lease = this.#leases.get(idOf(connectionId, account));
      if (lease?.owner === owner) lease.owner = undefined;
    }
  }

  /** Another replica takes the account, as if this one had been silent for too long. */
  loseLease(connectionId: string, account: string): void {
    const lease = this.#leases.get(idOf(connectionId, account));
    this.#leases.set(idOf(connectionId, account), { owner: 'another', fence: (lease?.fence ?? 0) + 1 });
  }

  async wakeConnection(connectionId: string, now: Date): Promise<void> {
    for (const [id, row] of this.#rows) {
      if (row.connectionId === connectionId && row.isDue && row.waitsOn === 'settings')
        this.#rows.set(id, { ...row, dueAt: now });
    }
  }

  async answeredRequests(what: RequestSort): Promise<ReadonlyMap<string, number>> {
    return this.#answered[what];
  }

  async answerRequest(what: RequestSort, connectionId: string, counter: number, outcomes: readonly Outcome[]): Promise<boolean> {
    const answered = this.#answered[what];
    if ((answered.get(connectionId) ?? 0) >= counter) return false;
    answered.set(connectionId, counter);
    this.outcomes.push(...outcomes);
    return true;
  }

  async openWork(): Promise<OpenWork> {
    const open = [...this.#rows.values()].filter((row) => row.isDue && row.waitsOn !== 'date' && row.waitsOn !== 'settings');
    return { due: open.length, unsettled: open.filter((row) => row.waitsOn === 'settle').length };
  }

  async waitingLines(): Promise<WaitingLines[]> {
    const due = [...this.#rows.values()].filter((row) => row.isDue);
    const groups = Map.groupBy(due, (row) => idOf(row.connectionId, row.waitsOn ?? 'none'));
    return [...groups.values()].map((rows) => ({
      connectionId: rows[0]!.connectionId,
      waitsOn: rows[0]!.waitsOn ?? 'none',
      lines: rows.length,
      oldestAt: new Date(Math.min(...rows.map((row) => row.firstDueAt.getTime()))),
    }));
  }

  async unsettledWrites(): Promise<UnsettledWrites[]> {
    const open = [...this.#writes].flatMap(([id, writes]) => writes.filter(isUnsettled).map((write) => ({ id, write })));
    const groups = Map.groupBy(open, ({ id }) => this.#rows.get(id)!.connectionId);
    return [...groups].map(([connectionId, all]) => ({
      connectionId,
      writes: all.length,
      oldestAt: new Date(Math.min(...all.map(({ write }) => write.intendedAt.getTime()))),
    }));
  }

  /** The line as it stands, for specs. */
  line(connectionId: string, key: string): LineRow | undefined {
    return this.#rows.get(idOf(connectionId, key));
  }

  /** The line's writes, for specs. */
  writes(connectionId: string, key: string): readonly LedgerWrite[] {
    return this.#writes.get(idOf(connectionId, key)) ?? [];
  }

  #dueRows(now: Date): LineRow[] {
    return [...this.#rows.values()].filter((row) => row.isDue && row.dueAt <= now);
  }

  #lease(row: { connectionId: string; account: string }): { owner?: string; fence: number } {
    return this.#leases.get(idOf(row.connectionId, row.account)) ?? { fence: 0 };
  }

  #claimed(row: LineRow, owner: string): ClaimedLine {
    const id = idOf(row.connectionId, row.key);
    const prefix = idOf(row.connectionId, '');
    const recordIds = [...this.#records].filter(([, holder]) => holder === id).map(([place]) => place.slice(prefix.length));
    const writes = this.#writes.get(id) ?? [];
    return { ...row, owner, fence: String(this.#lease(row).fence), recordIds, writes: [...writes] };
  }

  #putWrite(id: string, write: LedgerWrite): void {
    const others = (this.#writes.get(id) ?? []).filter((each) => each.writeKey !== write.writeKey);
    if (others.some(isUnsettled) && isUnsettled(write)) throw new Error('a line may have one unsettled write');
    this.#writes.set(
      id,
      [...others, write].sort((a, b) => a.ordinal - b.ordinal),
    );
  }

  #dropRecords(id: string): void {
    for (const [place, holder] of this.#records) if (holder === id) this.#records.delete(place);
  }
}

function idOf(connectionId: string, part: string): string {
  return `${connectionId}\u0001${part}`;
}
