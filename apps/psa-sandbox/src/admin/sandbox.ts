import { CallJournal } from './call-journal.js';
import { CallStats } from './call-stats.js';
import { DelayedCalls } from './delayed-calls.js';
import { EffectLedger, type EffectOrigin } from './effect-ledger.js';
import { FaultList } from './fault-list.js';
import { bodyForLedger, type PsaAnswer, type PsaCall } from './psa-call.js';
import type { Admission, BillingSpan, CallContext, LineBilling, PeriodToPost, PsaModel, StateProblem } from './psa-model.js';
import { RecordTables, type RecordChange } from './record-tables.js';
import type { SandboxFile } from './sandbox-file.js';

interface CallOptions {
  readonly by: EffectOrigin;
  readonly isTrusted?: boolean;
  readonly at?: Date;
  readonly delayedId?: number;
}

/** One pretended PSA with its records, effects, faults and counts. Synchronous: calls never interleave. */
export class Sandbox {
  readonly ledger = new EffectLedger();
  readonly faults = new FaultList();
  readonly stats = new CallStats();
  readonly journal = new CallJournal();
  readonly #tables = new RecordTables();
  readonly #delayed = new DelayedCalls();

  constructor(
    readonly model: PsaModel,
    readonly now: () => Date,
    readonly file: SandboxFile | undefined,
  ) {
    this.file?.replay({
      state: (state) => this.model.replaceState(state, this.#tables),
      changes: (changes) => this.#tables.redo(changes),
      effect: (effect) => this.ledger.restore(effect),
      delayed: (call) => this.#delayed.add(call),
      settled: (id) => this.#delayed.drop(id),
    });
  }

  /** Asks the limits of the PSA, before anything else looks at a call; counts what they take and refuse. */
  admit(thread: string | undefined): Admission {
    if (thread === undefined) return { delayMs: 0 };
    const now = this.now();
    const load = { running: this.stats.running(thread), callsInLastHour: this.stats.callsInLastHour(now) + 1 };
    const admission = this.model.admit(load);
    if ('refusal' in admission) this.stats.refused(admission.reason);
    if (!('refusal' in admission) || admission.reason === 'threads') this.stats.taken(now);
    return admission;
  }

  /** Executes a call and writes down what it changed. */
  call(call: PsaCall, options: CallOptions = { by: 'api' }): PsaAnswer {
    const { answer, changes } = this.#attempt(call, options.isTrusted ?? false);
    if (changes.length > 0) this.#record(call, changes, options);
    else this.#notEffective(call, answer, options.delayedId);
    return answer;
  }

  /** Answers as if executed; executes it once `seconds` have passed on the sandbox's clock. */
  callLater(call: PsaCall, seconds: number): PsaAnswer {
    const { answer, changes } = this.#attempt(call, false);
    this.#tables.undo(changes);
    if (changes.length === 0) return answer;
    const dueAt = new Date(this.now().getTime() + seconds * 1000);
    const delayed = this.#delayed.postpone(call, dueAt);
    this.file?.write({ delayed });
    return answer;
  }

  /** Answers a read from the records as they were `seconds` ago. */
  callStale(call: PsaCall, seconds: number): PsaAnswer {
    const past = new Date(this.now().getTime() - seconds * 1000);
    const tables = this.#tables.copy();
    tables.undo(this.ledger.changesAfter(past));
    return this.model.answer(call, { ...this.#context(false), tables });
  }

  /** Executes delayed calls that are due. To be called before anything looks at the records. */
  settle(): void {
    for (const { id, dueAt, call } of this.#delayed.takeDue(this.now())) {
      this.call(call, { by: 'api', isTrusted: true, at: new Date(dueAt), delayedId: id });
    }
  }

  state(): object {
    return this.model.exportState(this.#tables);
  }

  /** Replaces everything but the ledger of effects; problems mean that nothing has changed. */
  replaceState(input: unknown): StateProblem[] {
    const problems = this.#takeState(input, 'PUT');
    if (problems.length === 0) for (const id of this.#delayed.clear()) this.file?.write({ settled: id });
    return problems;
  }

  /** Replaces the given parts of the state; delayed calls stay. */
  changeState(input: object): StateProblem[] {
    return this.#takeState(mergedState(this.state(), input), 'PATCH');
  }

  /** Puts records beside those that are there, by id; problems mean that nothing has changed. */
  addRecords(input: unknown): StateProblem[] {
    const { result, changes } = this.#tables.collect(() => this.model.addRecords(input, this.#tables));
    if (result.length > 0) this.#tables.undo(changes);
    else this.#recordByAdmin('/_sandbox/state', input, changes);
    return result;
  }

  /** Runs the PSA's own billing over a period; problems mean that nothing has changed. */
  postPeriod(wanted: PeriodToPost): ReturnType<PsaModel['postPeriod']> {
    const { result, changes } = this.#tables.collect(() => this.model.postPeriod(wanted, this.#tables, this.now()));
    this.#recordByAdmin('/_sandbox/post-period', wanted, changes);
    return result;
  }

  /** What every line comes to within the span. */
  billing(span: BillingSpan): readonly LineBilling[] {
    return this.model.billing(span, this.#tables);
  }

  #recordByAdmin(path: string, body: unknown, changed: RecordChange[]): void {
    // An effect by `admin` with nothing in `changed` would mean that the whole state was replaced.
    if (changed.length === 0) return;
    const at = this.now().toISOString();
    const effect = this.ledger.append({ at, method: 'POST', path, body, changed, by: 'admin' });
    this.file?.write({ effect });
  }

  #takeState(input: unknown, method: 'PUT' | 'PATCH'): StateProblem[] {
    const problems = this.model.replaceState(input, this.#tables);
    if (problems.length > 0) return problems;
    const call = { method, path: '/_sandbox/state', body: null };
    const effect = this.ledger.append({ at: this.now().toISOString(), ...call, changed: [], by: 'admin' });
    this.file?.write({ effect });
    this.file?.write({ state: this.state() });
    return [];
  }

  #attempt(call: PsaCall, isTrusted: boolean): { answer: PsaAnswer; changes: RecordChange[] } {
    const run = this.#tables.collect(() => this.model.answer(call, this.#context(isTrusted)));
    if (run.result.status < 400) return { answer: run.result, changes: run.changes };
    this.#tables.undo(run.changes);
    return { answer: run.result, changes: [] };
  }

  #record(call: PsaCall, changed: RecordChange[], { by, at, delayedId }: CallOptions): void {
    const effect = this.ledger.append({
      at: (at ?? this.now()).toISOString(),
      method: call.method,
      path: call.path,
      body: bodyForLedger(call),
      changed,
      by,
    });
    this.file?.write({ effect, ...(delayedId === undefined ? {} : { settled: delayedId }) });
  }

  #notEffective(call: PsaCall, answer: PsaAnswer, delayedId: number | undefined): void {
    if (answer.status >= 400 && this.model.isWrite(call)) this.stats.refused('writes');
    if (delayedId !== undefined) this.file?.write({ settled: delayedId });
  }

  #context(isTrusted: boolean): CallContext {
    const now = this.now();
    const callsInLastHour = this.stats.callsInLastHour(now);
    return { tables: this.#tables, now, callsInLastHour, isTrusted };
  }
}

/** Lists are replaced, groups such as the switches are merged. */
function mergedState(state: object, input: object): object {
  const before = new Map<string, unknown>(Object.entries(state));
  const entries = Object.entries(input).map(([name, value]: [string, unknown]) => {
    const known = before.get(name);
    return [name, isGroup(known) && isGroup(value) ? { ...known, ...value } : value] as const;
  });
  return { ...state, ...Object.fromEntries(entries) };
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
