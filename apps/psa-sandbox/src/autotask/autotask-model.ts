import type { PsaAnswer, PsaCall } from '../admin/psa-call.js';
import { toPsaCall } from '../admin/psa-call.js';
import { problemsOf } from '../admin/parse-admin-body.js';
import type {
  Admission,
  BillingSpan,
  CallContext,
  CallLoad,
  LineBilling,
  PeriodToPost,
  PsaModel,
  StateProblem,
} from '../admin/psa-model.js';
import { RecordTables } from '../admin/record-tables.js';
import { answerCall } from './answer-call.js';
import { parseApiPath } from './api-path.js';
import { type ApiUser, ApiUsers, callerOf } from './api-users.js';
import { autotaskRecordsSchema, autotaskStateSchema, exportRecords } from './autotask-state.js';
import { billingOfLines } from './billing/line-billing.js';
import { postPeriod } from './billing/post-period.js';
import { lifelikeState } from './examples/lifelike.js';
import { autotaskFaultAnswers } from './fault-answers.js';
import { admit, threadOf } from './limits.js';
import { loadRecords } from './load-records.js';
import { PageMemory } from './query/page-memory.js';
import { defaultSwitches, type Switches } from './switches.js';

const WRITES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Autotask PSA, as far as recurring-service contracts go. */
export class AutotaskModel implements PsaModel {
  readonly name = 'autotask';
  readonly faultAnswers = autotaskFaultAnswers;
  readonly #initialUsers: readonly ApiUser[];
  #users: ApiUsers;
  #switches: Switches = defaultSwitches;
  #pages = new PageMemory();

  constructor(users: readonly ApiUser[]) {
    this.#initialUsers = users;
    this.#users = new ApiUsers(users);
  }

  endpointOf(call: PsaCall): string {
    const segments = parseApiPath(call.path).segments.map((segment) => segment.replace(/^\d+$/, '{id}'));
    return `${call.method} ${segments.join('/')}`;
  }

  isWrite(call: PsaCall): boolean {
    return WRITES.has(call.method) && !parseApiPath(call.path).segments.includes('query');
  }

  threadOf(call: PsaCall): string | undefined {
    return threadOf(call);
  }

  callerOf(call: PsaCall): string | undefined {
    return callerOf(call);
  }

  admit(load: CallLoad): Admission {
    return admit(load, this.#switches);
  }

  answer(call: PsaCall, context: CallContext): PsaAnswer {
    const path = parseApiPath(call.path);
    const own = { switches: this.#switches, pages: this.#pages };
    return answerCall({ ...context, ...own, call, path, user: undefined }, this.#users);
  }

  adjustmentCall(adjustment: Readonly<Record<string, unknown>>): PsaCall {
    return toPsaCall({ method: 'POST', path: '/V1.0/ContractServiceAdjustments', body: adjustment });
  }

  exportState(tables: RecordTables): object {
    return { users: this.#users.list, switches: this.#switches, ...exportRecords(tables) };
  }

  replaceState(input: unknown, tables: RecordTables): StateProblem[] {
    const parsed = autotaskStateSchema.safeParse(input);
    if (!parsed.success) return problemsOf(parsed.error);
    const fresh = new RecordTables();
    const problems = loadRecords(parsed.data, parsed.data.switches.rowEnd, fresh);
    if (problems.length > 0) return problems;
    tables.become(fresh);
    this.#users = new ApiUsers(parsed.data.users ?? this.#initialUsers);
    this.#switches = parsed.data.switches;
    this.#pages = new PageMemory();
    return [];
  }

  addRecords(input: unknown, tables: RecordTables): StateProblem[] {
    const parsed = autotaskRecordsSchema.safeParse(input);
    return parsed.success ? loadRecords(parsed.data, this.#switches.rowEnd, tables) : problemsOf(parsed.error);
  }
  postPeriod(wanted: PeriodToPost, tables: RecordTables, now: Date) {
    return postPeriod(wanted, tables, now);
  }

  example(name: string, now: Date): object | undefined {
    return name === 'lifelike' ? lifelikeState(now.toISOString().slice(0, 10)) : undefined;
  }

  billing(span: BillingSpan, tables: RecordTables): LineBilling[] {
    return billingOfLines(span, tables);
  }
}
