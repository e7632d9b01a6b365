import { call } from './http.js';

/** A write that changed something in the sandbox. */
export interface Effect {
  seq: number;
  at: string;
  method: string;
  path: string;
  body: { contractID?: number; serviceID?: number; contractServiceID?: number; unitChange?: number; effectiveDate?: string };
  changed: unknown[];
  by: 'api' | 'fault' | 'admin';
}

/** One contract with a line per service, as a test wants to find it in Autotask. */
export interface WantedContract {
  companyId: number;
  contractId: number;
  startDate: string;
  endDate: string;
  lines: { id: number; serviceId: number; units: number }[];
}

/** The Autotask sandbox from its admin side. */
export class Sandbox {
  constructor(readonly url: string) {}

  /** Adds companies with their contracts beside what is there already. */
  async add(contracts: readonly WantedContract[]): Promise<void> {
    const { services } = await call<{ services: { id: number }[] }>('GET', `${this.url}/_sandbox/state`);
    const known = new Set(services.map((service) => service.id));
    const wanted = new Set(contracts.flatMap((contract) => contract.lines.map((line) => line.serviceId)));
    await call('POST', `${this.url}/_sandbox/state`, {
      body: {
        companies: contracts.map(({ companyId: id }) => ({ id, companyName: `Company ${id}`, companyNumber: `C-${id}` })),
        services: [...wanted].filter((id) => !known.has(id)).map(serviceOf),
        contracts: contracts.map(contractOf),
        contractServices: contracts.flatMap(({ contractId: contractID, lines }) =>
          lines.map(({ id, serviceId: serviceID, units }) => ({ id, contractID, serviceID, units })),
        ),
      },
    });
  }

  async effects(since = 0): Promise<Effect[]> {
    const { effects } = await call<{ effects: Effect[] }>('GET', `${this.url}/_sandbox/effects?since=${since}`);
    return effects.filter((effect) => effect.by === 'api');
  }

  async lastSeq(): Promise<number> {
    const none = Number.MAX_SAFE_INTEGER; // the ledger is long after a while, and its length is all that is asked for
    return (await call<{ lastSeq: number }>('GET', `${this.url}/_sandbox/effects?since=${none}`)).lastSeq;
  }

  async fault(fault: Record<string, unknown>): Promise<void> {
    await call('POST', `${this.url}/_sandbox/faults`, { body: fault });
  }

  /** Posts the month of a contract that begins on `periodStart`, as the PSA's own billing does. */
  async postPeriod(contractId: number, periodStart: string): Promise<void> {
    await call('POST', `${this.url}/_sandbox/post-period`, { body: { contractId, periodStart } });
  }

  /** Changes units as a person in the PSA does. */
  async adjust(contractID: number, contractServiceID: number, unitChange: number, effectiveDate: string): Promise<void> {
    const path = `/ATServicesRest/V1.0/Contracts/${contractID}/ServiceAdjustments`;
    const body = { contractID, contractServiceID, unitChange, effectiveDate };
    const answer = await call<{ status: number; body: unknown }>('POST', `${this.url}/_sandbox/calls`, {
      body: { method: 'POST', path, body },
    });
    if (answer.status !== 200) throw new Error(`the sandbox refused: ${JSON.stringify(answer.body)}`);
  }

  /** Units that the PSA bills for a contract service on a day, read as an integration reads them. */
  async unitsOn(contractServiceId: number, date: string): Promise<number> {
    const rows = (await this.unitRows(contractServiceId)).filter((row) => covers(row, date));
    return rows.sort((a, b) => (a.startDate < b.startDate ? -1 : 1)).at(-1)?.units ?? 0;
  }

  /** The PSA's rows of units of a contract service: `startDate` and `endDate` are counted, a later row wins on a shared day. */
  async unitRows(contractServiceId: number): Promise<UnitRow[]> {
    const body = { MaxRecords: 500, Filter: [{ op: 'eq', field: 'contractServiceID', value: contractServiceId }] };
    const path = '/ATServicesRest/V1.0/ContractServiceUnits/query';
    const answer = await call<{ body: { items: UnitRow[] } }>('POST', `${this.url}/_sandbox/calls`, {
      body: { method: 'POST', path, body },
    });
    return answer.body.items;
  }

  /** Takes back every armed fault. */
  async clearFaults(): Promise<void> {
    await call('DELETE', `${this.url}/_sandbox/faults`);
  }
}

/** Units from one day to another, as the PSA keeps them. */
export interface UnitRow {
  startDate: string;
  endDate: string;
  units: number;
}

function covers(row: UnitRow, date: string): boolean {
  return row.startDate.slice(0, 10) <= date && date <= row.endDate.slice(0, 10);
}

function contractOf({ companyId, contractId, startDate, endDate }: WantedContract): object {
  const contractName = `Managed services ${contractId}`;
  return {
    id: contractId,
    companyID: companyId,
    contractName,
    contractType: 7,
    status: 1,
    startDate,
    endDate,
    contractPeriodType: 2,
  };
}

function serviceOf(id: number): object {
  return { id, name: `Service ${id}`, unitPrice: 23.1, periodType: 2, isActive: true };
}
