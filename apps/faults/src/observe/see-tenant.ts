import type { DayUnits, Parked, SeenLine, SeenTenant } from '../check/history.js';
import type { LineView, SceneCustomer, UnitRow } from '@trueup/testing/product';
import type { TenantOnStage } from '../run/tenant-on-stage.js';
import { truthDays, type TruthOnDay } from './truth-days.js';

/** States of an agreement line that wait for a person. */
const WAITING_FOR_SOMEBODY = new Set(['held', 'conflict', 'rejected', 'manual', 'abandoned']);

/** A tenant's lines as the API and the PSA show them, beside what its sender knows must be billed. */
export async function seeTenant(tenant: TenantOnStage, now: Date): Promise<{ seen: SeenTenant; parked: Parked[] }> {
  const { role, mark, msp, scene, ledger } = tenant;
  const shown = await allLines(tenant);
  const days = truthDays(ledger.acknowledgedEvents, scene.monthStart, now);
  const lines: SeenLine[] = [];
  for (const customer of scene.customers) {
    for (const line of customer.lines) {
      const view = shown.find(({ customerCode, sku }) => customerCode === customer.code && sku === line.sku);
      const rows = await msp.sandbox.unitRows(line.contractServiceId);
      lines.push({ ...seenLine(customer, line, view, days), billed: billedOn(days, rows) });
    }
  }
  const sent = ledger.all.map(({ event, acknowledged, attempts }) => ({
    id: event.id,
    acknowledged: acknowledged.length,
    attempts,
  }));
  const seen = { role, mark, tenantId: msp.tenantId, connectionId: scene.connectionId, sent, lines };
  return { seen, parked: parkedOf(msp.tenantId, shown) };
}

async function allLines({ msp }: TenantOnStage): Promise<LineView[]> {
  return (await msp.api<{ data: LineView[] }>('GET', '/lines?limit=1000')).data;
}

function seenLine(
  { code, companyId }: SceneCustomer,
  { sku, contractServiceId }: SceneCustomer['lines'][number],
  view: LineView | undefined,
  days: readonly TruthOnDay[],
): Omit<SeenLine, 'billed'> {
  return {
    customer: code,
    sku,
    contractId: companyId,
    contractServiceId,
    lineKey: view?.lineKey ?? null,
    agreementLineKey: view?.deliveries[0]?.agreementLineKey ?? null,
    truth: days.map(({ day, units }) => ({ day, units: units.get(code)?.get(sku) ?? 0 })),
    shown: view?.quantity ?? null,
  };
}

function billedOn(days: readonly TruthOnDay[], rows: readonly UnitRow[]): DayUnits[] {
  const ascending = [...rows].sort((a, b) => (a.startDate < b.startDate ? -1 : 1));
  return days.map(({ day }) => {
    const row = ascending.findLast(({ startDate, endDate }) => startDate.slice(0, 10) <= day && day <= endDate.slice(0, 10));
    return { day, units: row?.units ?? 0 };
  });
}

function parkedOf(tenantId: string, shown: readonly LineView[]): Parked[] {
  return shown.flatMap(({ customerCode, sku, deliveries }) =>
    deliveries
      .filter(({ state }) => WAITING_FOR_SOMEBODY.has(state))
      .map(({ state, code }) => ({ tenantId, where: `${customerCode} ${sku}`, why: `${state} ${code ?? ''}`.trim() })),
  );
}
