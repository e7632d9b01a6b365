import type { Code } from '@trueup/contracts';
import {
  type ManualRun,
  addRunVersions,
  findConnection,
  findManualRun,
  listConnections,
  lockLinesOfRun,
  markRunReleased,
  unmappedOfRun,
} from '@trueup/control';
import type { DataSource, EntityManager } from 'typeorm';
import { previewLines } from '../decide/preview-lines.js';
import { releaseLines } from '../decide/release-lines.js';
import { type DayEntry, writeDayLog } from '../log/day-log.js';
import { endRuns } from '../log/end-runs.js';
import type { TenantDay } from '../tenant-day.js';
import { underSettings } from './settings-transaction.js';
import { tellSkuGaps } from './tell-sku-gaps.js';

const CHUNK = 500;

interface Page {
  after: string;
  limit: number;
}

/** Releases every mapped line of a manual run again. A crash in between goes on with the lines that the run has not released. */
export async function carryOutRun(database: DataSource, day: TenantDay, runId: string): Promise<void> {
  const run = await findManualRun(database, day.tenantId, runId);
  if (!run) return;
  await underSettings(database, day, (tx) => beginRun(tx, day, run));
  await tellSkuGaps(database, day, run);
  let after: string | null = '';
  while (after !== null) {
    const page: Page = { after, limit: CHUNK };
    after = await underSettings(database, day, (tx) => releasePage(tx, day, run, page));
  }
  await underSettings(database, day, async (tx) => {
    await markRunReleased(tx, run.id, day.at);
    await endRuns(tx, day, [run.id]);
  });
}

async function beginRun(tx: EntityManager, day: TenantDay, run: ManualRun): Promise<void> {
  const connection = await findConnection(tx, day.tenantId, run.connectionId);
  if (!connection) return;
  const of = run.customerCodes === null ? 'all customers' : `customers ${run.customerCodes.join(', ')}`;
  const start: DayEntry = {
    ...{ connection, runId: run.id, code: 'RUN_STARTED', onceKey: 'RUN_STARTED' },
    message: `A ${run.isPreview ? 'preview' : 'manual run'} over ${of} has started; ${whichPeriod(run, day)}`,
    details: {
      periodId: run.periodId ?? day.periodId,
      ...(run.isPreview && { preview: true }),
      ...(run.customerCodes && { customerCodes: run.customerCodes }),
    },
  };
  const gaps = (await unmappedOfRun(tx, run)).map(({ customerCode, sku, code }): DayEntry => {
    const isCustomer = code === 'CUSTOMER_UNMAPPED';
    return {
      ...{ connection, runId: run.id, code: code as Code, customerCode, sku },
      message: isCustomer ? `Customer ${customerCode} is not mapped to an account` : `Sku ${sku} is not mapped to a product`,
      onceKey: isCustomer ? `${code}/${customerCode}` : `${code}/${sku}`,
    };
  });
  await writeDayLog(tx, day, [start, ...gaps]);
}

function whichPeriod({ periodId }: ManualRun, day: TenantDay): string {
  if (periodId === null) return `the billing period ends on ${day.periodId}`;
  return `it brings what the period that ended on ${periodId} left, dated from the one that ends on ${day.periodId}`;
}

/** The key after which the next page begins; null after the last. */
async function releasePage(tx: EntityManager, day: TenantDay, run: ManualRun, page: Page): Promise<string | null> {
  const connections = await listConnections(tx, day.tenantId);
  const rows = await lockLinesOfRun(tx, run, page);
  const options = { connections, day, isForced: true, runId: run.id, periodId: run.periodId ?? undefined };
  // Elsewhere every release is a preview.
  const isOnlyLooking = run.isPreview && connections.find(({ id }) => id === run.connectionId)?.mode === 'auto';
  const released = await (isOnlyLooking ? previewLines : releaseLines)(tx, rows, options);
  await addRunVersions(tx, run.id, released);
  return rows.length === page.limit ? rows.at(-1)!.agreementLineKey : null;
}
