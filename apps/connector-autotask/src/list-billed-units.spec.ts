import { describe, expect, it } from 'vitest';
import { listBilledUnits } from './list-billed-units.js';
import { golden, onGoldenScene, type SandboxScene } from './sandbox-scene.model.js';

const TODAY = '2026-07-20';
let scene: SandboxScene;
onGoldenScene((made) => (scene = made));

const [contract] = golden.contracts;
const unitsByRef = async () => {
  const lines = await listBilledUnits(scene.bench.psa, TODAY);
  return Object.fromEntries(lines.map((line) => [line.ref, line.quantity]));
};

describe('what Autotask bills', () => {
  it('is every service of the contracts in force today, of two contracts of one company too, with zero units too', async () => {
    await scene.admin('PUT', 'state', {
      ...golden,
      contracts: [
        contract,
        { ...contract, id: 7002 },
        { ...contract, id: 7003, startDate: '2025-07-01', endDate: '2026-07-19' },
        { ...contract, id: 7004, startDate: '2026-07-21' },
        { ...contract, id: 7005, startDate: TODAY, endDate: TODAY },
        { ...contract, id: 7006, contractType: 1 },
        { ...contract, id: 7007, status: 0 },
      ],
      contractServices: [
        ...golden.contractServices,
        { id: 9051, contractID: 7002, serviceID: 412, units: 3 },
        { id: 9052, contractID: 7002, serviceID: 413, units: 0 },
        ...[7003, 7004, 7005, 7006, 7007].map((contractID) => ({ id: contractID + 2_050, contractID, serviceID: 412, units: 1 })),
      ],
    });
    expect(await unitsByRef()).toEqual({ 9050: '11', 9051: '3', 9052: '0', 9055: '1' });
  });

  it('is the units of today, not those that begin later', async () => {
    const adjust = (unitChange: number, effectiveDate: string) => {
      const path = '/ATServicesRest/V1.0/Contracts/7001/ServiceAdjustments';
      const body = { contractID: 7001, contractServiceID: 9050, unitChange, effectiveDate };
      return scene.admin('POST', 'calls', { method: 'POST', path, body });
    };
    await adjust(2, '2026-07-10');
    await adjust(5, '2026-08-01');
    expect(await unitsByRef()).toEqual({ 9050: '13' });
  });

  it('is named by what the settings say a mapping writes, of inactive companies and services too', async () => {
    await scene.admin('PUT', 'state', {
      ...golden,
      companies: [{ ...golden.companies[0]!, isActive: false }],
      contracts: [{ ...contract, contractNumber: ' MS-1 ' }],
      services: [{ ...golden.services[0]!, isActive: false }],
    });
    const names = { accountName: 'Acme', agreementRef: '7001', agreementName: 'Managed services', productName: 'Mailbox' };
    const line = { ref: '9050', ...names, agreementIdentifiers: ['MS-1'], quantity: '11' };
    expect(await listBilledUnits(scene.bench.psa, TODAY)).toEqual([{ ...line, accountRef: '174', productRef: '412' }]);
    await scene.open({ companyMatch: 'companyNumber', skuField: 'name' });
    expect(await listBilledUnits(scene.bench.psa, TODAY)).toEqual([{ ...line, accountRef: 'ACME', productRef: 'Mailbox' }]);
  });

  it('is listed without a reference where a mapping has nothing to write', async () => {
    await scene.admin('PUT', 'state', { ...golden, companies: [{ id: 174, companyName: 'Acme' }] });
    await scene.open({ companyMatch: 'companyNumber', skuField: 'description' });
    const [line] = await listBilledUnits(scene.bench.psa, TODAY);
    expect([line!.accountName, 'accountRef' in line!, 'productRef' in line!]).toEqual(['Acme', false, false]);
  });

  it('is read to the last page, with queries that grow with the pages and not with the lines', async () => {
    const ids = Array.from({ length: 1_203 }, (_, i) => 20_000 + i);
    await scene.admin('PUT', 'state', {
      ...golden,
      companies: ids.map((id) => ({ id, companyName: `Company ${id}` })),
      contracts: ids.map((id) => ({ ...contract, id, companyID: id })),
      contractServices: ids.map((id) => ({ id, contractID: id, serviceID: 412, units: id })),
    });
    await scene.admin('DELETE', 'stats');
    expect(await unitsByRef()).toEqual(Object.fromEntries(ids.map((id) => [id, String(id)])));
    // 3 pages of contracts; their services and companies in 3 lists each, units likewise with two pages; one service; the session's.
    const { total } = await scene.admin<{ total: number }>('GET', 'stats');
    expect(total).toBeLessThan(20);
  });
});
