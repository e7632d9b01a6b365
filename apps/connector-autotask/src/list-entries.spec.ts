import { describe, expect, it } from 'vitest';
import { listCompanies, listServices } from './list-entries.js';
import { golden, onGoldenScene, type SandboxScene } from './sandbox-scene.model.js';

let scene: SandboxScene;
onGoldenScene((made) => (scene = made));

describe("Autotask's companies and services, listed for mapping", () => {
  it('are read to the last page', async () => {
    const companies = Array.from({ length: 1_203 }, (_, i) => ({ id: i + 1, companyName: `Company ${i + 1}` }));
    await scene.admin('PUT', 'state', {
      ...golden,
      companies: [...companies, { id: 9_000, companyName: 'x' }],
      contracts: [],
      contractServices: [],
    });
    const listed = await listCompanies(scene.bench.psa);
    expect([listed.length, new Set(listed.map((each) => each.ref)).size]).toEqual([1_204, 1_204]);
  });

  it('are named by what the settings say a mapping writes, with everything else that stands for them', async () => {
    expect(await listCompanies(scene.bench.psa)).toEqual([{ ref: '174', name: 'Acme', identifiers: ['ACME'] }]);
    expect((await listServices(scene.bench.psa))[0]).toEqual({ ref: '412', name: 'Mailbox', identifiers: ['Mailbox'] });
    await scene.open({ companyMatch: 'companyNumber', skuField: 'name' });
    expect(await listCompanies(scene.bench.psa)).toEqual([{ ref: 'ACME', name: 'Acme', identifiers: ['174'] }]);
    expect((await listServices(scene.bench.psa))[0]).toEqual({ ref: 'Mailbox', name: 'Mailbox', identifiers: ['412'] });
  });

  it('leave out what is inactive, and what has nothing that a mapping could write', async () => {
    await scene.admin('PUT', 'state', {
      ...golden,
      companies: [
        ...golden.companies,
        { id: 175, companyName: 'Gone', companyNumber: 'G', isActive: false },
        { id: 176, companyName: 'Numberless' },
      ],
      services: [...golden.services, { id: 414, name: 'Old', isActive: false, unitPrice: 1, periodType: 2 }],
    });
    await scene.open({ companyMatch: 'companyNumber' });
    const listed = [...(await listCompanies(scene.bench.psa)), ...(await listServices(scene.bench.psa))];
    expect(listed.map((each) => each.name)).toEqual(['Acme', 'Mailbox', 'Backup']);
  });
});
