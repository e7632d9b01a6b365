import type { JsonValue } from './admin/record-table.js';
import { dayOf } from './admin/text-of.js';
import type { Effect } from './admin/effect-ledger.js';
import type { SandboxClock } from './admin/sandbox-clock.js';
import { type AutotaskSandboxOptions, defaultApiUser, startAutotaskSandbox } from './start-autotask-sandbox.js';

type WireRecord = Readonly<Record<string, JsonValue>>;

/** Every body that the API answers with; a spec reads the part that it expects. */
export interface ReplyBody {
  readonly errors: readonly string[];
  readonly Message: string;
  readonly item: WireRecord | null;
  readonly items: readonly WireRecord[];
  readonly itemId: number | null;
  readonly queryCount: number;
  readonly pageDetails: {
    readonly count: number;
    readonly requestCount: number;
    readonly prevPageUrl: string | null;
    readonly nextPageUrl: string | null;
  };
}

/** What came back over HTTP. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Headers;
  /** The body as it came. */
  readonly text: string;
  /** The body parsed, if it is JSON; an empty object otherwise. */
  readonly body: ReplyBody;
}

export interface SandboxUnderTest {
  readonly url: string;
  readonly clock: SandboxClock;
  /** A call of the API with the default user's three headers. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<HttpReply>;
  /** A call of the admin side; answers its body. */
  admin<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T>;
  effects(since?: number): Promise<readonly Effect[]>;
  /** Units in force on a day, read as a client would. */
  unitsOn(contractServiceID: number, day: string): Promise<number>;
  adjust(unitChange: number, effectiveDate: string, contractServiceID?: number): Promise<HttpReply>;
  close(): Promise<void>;
}

/** The three headers of the default API user. */
export const credentials = {
  UserName: defaultApiUser.userName,
  Secret: defaultApiUser.secret,
  ApiIntegrationCode: defaultApiUser.integrationCode,
};

/** Contract 7001, monthly, service 412 at 23.10, eleven units: the scenario whose figures are known. */
export const goldenState = {
  companies: [{ id: 174, companyName: 'Acme', companyNumber: 'ACME' }],
  contracts: [
    {
      id: 7001,
      companyID: 174,
      contractName: 'Managed services',
      contractType: 7,
      status: 1,
      startDate: '2026-07-01',
      endDate: '2027-06-30',
      contractPeriodType: 2,
    },
  ],
  services: [{ id: 412, name: 'Mailbox', unitPrice: 23.1, periodType: 2, isActive: true }],
  contractServices: [{ id: 9050, contractID: 7001, serviceID: 412, units: 11 }],
};

/** A clock that stands still until it is moved. */
export function standingClock(start = '2026-07-15T12:00:00.000Z'): SandboxClock {
  let offset = 0;
  return {
    now: () => new Date(Date.parse(start) + offset),
    offsetMs: () => offset,
    moveTo: (offsetMs) => {
      offset = offsetMs;
    },
  };
}

/** A sandbox on a free port, with what specs ask of it over HTTP. */
export async function startSandboxUnderTest(state: unknown = goldenState, options: AutotaskSandboxOptions = {}) {
  const clock = options.clock ?? standingClock();
  const sandbox = await startAutotaskSandbox({ clock, ...options });
  const send = sender(sandbox.url);
  const admin = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    return (await send(method, `/_sandbox/${path}`, body, {})).body as T;
  };
  const api: SandboxUnderTest['api'] = (method, path, body, headers = credentials) => {
    return send(method, `/ATServicesRest/V1.0/${path}`, body, headers);
  };
  if (state !== null) await admin('PUT', 'state', state);
  const underTest: SandboxUnderTest = {
    url: sandbox.url,
    clock,
    api,
    admin,
    effects: async (since = 0) => (await admin<{ effects: Effect[] }>('GET', `effects?since=${since}`)).effects,
    unitsOn: async (line, day) =>
      unitsInForce((await api('POST', 'ContractServiceUnits/query', unitQuery(line))).body.items, day),
    adjust: (unitChange, effectiveDate, contractServiceID = 9050) =>
      api('POST', 'Contracts/7001/ServiceAdjustments', { contractID: 7001, contractServiceID, unitChange, effectiveDate }),
    close: () => sandbox.close(),
  };
  return underTest;
}

function sender(url: string) {
  return async (method: string, path: string, body: unknown, headers: Record<string, string>): Promise<HttpReply> => {
    const hasBody = body !== undefined;
    const reply = await fetch(`${url}${path}`, {
      method,
      headers: { ...(hasBody ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(hasBody ? { body: typeof body === 'string' ? body : JSON.stringify(body) } : {}),
    });
    const text = await reply.text();
    const isJson = reply.headers.get('content-type')?.includes('json') === true;
    const parsed: unknown = isJson ? JSON.parse(text) : {};
    return { status: reply.status, headers: reply.headers, text, body: parsed as ReplyBody };
  };
}

function unitQuery(contractServiceID: number): object {
  return { filter: [{ op: 'eq', field: 'contractServiceID', value: contractServiceID }] };
}

function unitsInForce(rows: readonly WireRecord[], day: string): number {
  const covering = rows.filter(({ startDate, endDate }) => dayOf(startDate) <= day && day <= dayOf(endDate));
  const latest = covering.toSorted((left, right) => dayOf(left['startDate']).localeCompare(dayOf(right['startDate']))).at(-1);
  return Number(latest?.['units'] ?? 0);
}
