import { expect, it } from 'vitest';
import { agreementLineOf, contractYears, type Scene, seats, writesOf } from '@trueup/testing/product';
import { scene } from './scene.js';

interface PsaLineView {
  ref: string;
  accountRef?: string;
  quantity?: string;
}

interface PageView {
  data: PsaLineView[];
  nextCursor: string | null;
  readAt: string | null;
}

/** All pages, once the PSA was read. */
async function unmappedLines({ msp, connectionId }: Scene): Promise<PsaLineView[]> {
  const all: PsaLineView[] = [];
  for (let cursor = ''; ;) {
    const page = await msp.api<PageView>('GET', `/connections/${connectionId}/unmapped-lines?limit=500${cursor}`);
    if (page.readAt === null) continue;
    all.push(...page.data);
    if (page.nextCursor === null) return all;
    cursor = `&cursor=${page.nextCursor}`;
  }
}

it('a contract service that nobody maps is told with its units and never touched, until somebody maps it', async () => {
  const stage = await scene('Unmapped lines', { customers: 2, isMapped: false });
  const [mapped, stranger] = stage.customers as [Scene['customers'][0], Scene['customers'][0]];
  const idle = stranger.contractServiceId + 500_000_000;
  const ended = idle + 1;
  const { startDate } = contractYears(stage.now);
  await stage.msp.addContracts([
    {
      companyId: mapped.companyId,
      contractId: idle,
      ...contractYears(stage.now),
      lines: [{ id: idle, serviceId: 413, units: 0 }],
    },
    {
      companyId: mapped.companyId,
      contractId: ended,
      startDate,
      endDate: startDate,
      lines: [{ id: ended, serviceId: 413, units: 1 }],
    },
  ]);
  await stage.msp.sandbox.adjust(stranger.companyId, stranger.contractServiceId, 4, stage.monthStart);
  const ids = new Set([mapped.contractServiceId, stranger.contractServiceId, idle, ended].map(String));
  const told = async () => {
    const lines = (await unmappedLines(stage)).filter(({ ref }) => ids.has(ref));
    return Object.fromEntries(lines.map(({ ref, quantity }) => [ref, quantity]));
  };

  // Of the account's two contracts in force the mapping names one.
  await stage.msp.api('PUT', `/mappings/customers/${mapped.code}`, {
    body: [
      {
        connectionId: stage.connectionId,
        billingIdentifier: String(mapped.companyId),
        agreementRef: String(mapped.companyId),
        validFrom: '2020-01-01',
      },
    ],
  });
  await stage.msp.post([...seats(stage, mapped, 2), ...seats(stage, stranger, 3)]);
  await stage.runtime.settled();
  expect(await writesOf(stage, mapped)).toMatchObject({ count: 1, sum: 2 });
  expect(await told()).toEqual({ [stranger.contractServiceId]: '4', [idle]: '0' });
  expect(await writesOf(stage, stranger)).toMatchObject({ count: 0 });

  await stage.msp.mapCustomer(stranger.code, stage.connectionId, stranger.companyId, '2020-01-01');
  await stage.runtime.settled();
  expect(await agreementLineOf(stage, stranger)).toMatchObject({ code: 'DIFFERS_AT_START' });
  expect(await told()).toEqual({ [idle]: '0' });
  expect(await writesOf(stage, stranger)).toMatchObject({ count: 0 });
});
