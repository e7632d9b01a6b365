import type { Effect } from './admin/effect-ledger.js';
import type { SandboxClock } from './admin/sandbox-server.js';
import { type AutotaskSandboxOptions, defaultApiUser, startAutotaskSandbox } from './start-autotask-sandbox.js';

/** What came back over HTTP; `body` undefined when there was none. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: any;
}

export interface SandboxUnderTest {
  readonly url: string;
  readonly clock: SandboxClock;
  /** A call of the API with the default user's three headers. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<HttpReply>;
  /** A call of the admin side; answers its body. */
  admin(method: string, path: string, body?: unknown): Promise<any>;
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
  const admin = async (method: string, path: string, body?: unknown) => {
    return (await send(method, `/_sandbox/${path}`, body, {})).body;
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
    effects: async (since = 0) => (await admin('GET', `effects?since=${since}`)).effects,
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
    return { status: reply.status, headers: reply.headers, body: isJson ? JSON.parse(text) : text };
  };
}

function unitQuery(contractServiceID: number): object {
  return { filter: [{ op: 'eq', field: 'contractServiceID', value: contractServiceID }] };
}

interface WireRow {
  readonly startDate: string;
  readonly endDate: string;
  readonly units: number;
}

function unitsInForce(rows: readonly WireRow[], day: string): number {
  const covering = rows.filter(({ startDate, endDate }) => startDate.slice(0, 10) <= day && day <= endDate.slice(0, 10));
  const latest = covering.toSorted((left, right) => left.startDate.localeCompare(right.startDate)).at(-1);
  return latest?.units ?? 0;
}
