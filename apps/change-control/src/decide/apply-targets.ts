import type { LineTarget } from '@trueup/contracts';
import { type CustomerOfTenant, storeTargets, undecidedLines } from '@trueup/control';
import { payerCodesOf } from '@trueup/domain';
import type { EntityManager } from 'typeorm';
import type { TenantDay } from '../tenant-day.js';
import { decideLines } from './decide-lines.js';

/** A target with the trace headers that it came with. */
export interface TracedTarget {
  target: LineTarget;
  trace: Record<string, string>;
}

/**
 * Stores targets and decides every customer whose set has ended. What follows a customer's last end of set is stored after that: a
 * change that touches several lines is never half decided. The caller shares the settings locks of the tenants.
 */
export async function applyTargets(
  tx: EntityManager,
  received: readonly TracedTarget[],
  days: ReadonlyMap<string, TenantDay>,
): Promise<void> {
  const { ended, open, customers } = splitAtSetEnds(received.map(({ target }) => target));
  const at = [...days.values()][0]!.at;
  await store(tx, ended, at);
  const traces = new Map(received.map(({ target, trace }) => [target.lineKey, trace]));
  for (const [tenantId, lineKeys] of await undecidedLines(tx, customers)) {
    await decideLines(tx, days.get(tenantId)!, lineKeys, traces);
  }
  await store(tx, open, at);
}

interface Split {
  ended: LineTarget[];
  open: LineTarget[];
  customers: CustomerOfTenant[];
}

/** Targets up to the last end of set of their customer, those after it, and the customers that have one. */
export function splitAtSetEnds(targets: readonly LineTarget[]): Split {
  const customers = new Map<string, CustomerOfTenant>();
  const ended: LineTarget[] = [];
  const open: LineTarget[] = [];
  for (const target of [...targets].reverse()) {
    const { tenantId, customerCode } = target;
    const key = `${tenantId}/${customerCode}`;
    if (target.endOfSet) customers.set(key, { tenantId, customerCode });
    (customers.has(key) ? ended : open).unshift(target);
  }
  return { ended, open, customers: [...customers.values()] };
}

async function store(tx: EntityManager, targets: readonly LineTarget[], at: Date): Promise<void> {
  const newest = new Map<string, LineTarget>();
  for (const target of targets) {
    const known = newest.get(target.lineKey);
    if (!known || known.targetVersion < target.targetVersion) newest.set(target.lineKey, target);
  }
  if (newest.size === 0) return;
  const received = [...newest.values()].map((target) => ({ target, payerCodes: payerCodesOf(target) }));
  await storeTargets(tx, received, at);
}
