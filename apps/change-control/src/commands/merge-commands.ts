import type { StoredCommand } from '@trueup/persistence';
import { z } from 'zod';

const payloads = {
  'mapping-changed': z.object({ customerCodes: z.array(z.string()).optional(), skus: z.array(z.string()).optional() }),
  'epoch-raised': z.object({ connectionId: z.string() }),
  'settings-changed': z.object({ connectionId: z.string() }),
  'billing-period-changed': z.object({}),
  'guards-changed': z.object({}),
  resolve: z.object({ resolutionId: z.string() }),
  'run-requested': z.object({ runId: z.string() }),
  'day-run-begun': z.object({ runId: z.string(), connectionId: z.string() }),
  'remap-moved': z.object({ connectionId: z.string(), agreementLineKey: z.string() }),
  'decide-again': z.object({ connectionId: z.string(), agreementLineKey: z.string() }),
  'wait-over': z.object({ connectionId: z.string(), agreementLineKey: z.string() }),
  'release-hold': z.object({ holdId: z.string() }),
  'day-started': z.object({ localDate: z.string(), previous: z.string().nullable() }),
};

/** What commands of one tenant ask for together. */
export interface Errand {
  tenantId: string;
  commandIds: string[];
  isEverythingConcerned: boolean;
  customerCodes: Set<string>;
  skus: Set<string>;
  /** Connections whose lines are decided again, and those whose epoch was raised. */
  changedConnections: Set<string>;
  raisedConnections: Set<string>;
  /** What people decided about single lines. */
  resolutionIds: Set<string>;
  holdIds: Set<string>;
  /** Agreement lines to decide again, by key. */
  agreementLines: Map<string, { connectionId: string; agreementLineKey: string }>;
  /** Those whose wait is over: released again whatever differs, by key. */
  overdueLines: Map<string, { connectionId: string; agreementLineKey: string }>;
  /** Manual runs that somebody asked for. */
  runIds: Set<string>;
  /** Continuous runs that began, with their connections. */
  begunRuns: Map<string, string>;
  /** The earliest day noted before the days that began; undefined when none began. */
  daysAfter: string | null | undefined;
}

/** Joins the commands of each tenant: ten mappings saved in a second are one look at the connection. */
export function mergeCommands(commands: readonly StoredCommand[]): { errands: Errand[]; unknown: StoredCommand[] } {
  const errands = new Map<string, Errand>();
  const unknown: StoredCommand[] = [];
  for (const command of commands) {
    const errand = errands.get(command.tenantId) ?? emptyErrand(command.tenantId);
    if (!takeUp(errand, command)) unknown.push(command);
    else errands.set(command.tenantId, errand);
  }
  return { errands: [...errands.values()], unknown };
}

function emptyErrand(tenantId: string): Errand {
  const sets = { customerCodes: new Set<string>(), skus: new Set<string>() };
  const connections = { changedConnections: new Set<string>(), raisedConnections: new Set<string>() };
  const decisions = { resolutionIds: new Set<string>(), holdIds: new Set<string>(), runIds: new Set<string>() };
  return {
    tenantId,
    commandIds: [],
    isEverythingConcerned: false,
    ...sets,
    ...connections,
    ...decisions,
    agreementLines: new Map(),
    overdueLines: new Map(),
    begunRuns: new Map(),
    daysAfter: undefined,
  };
}

function takeUp(errand: Errand, command: StoredCommand): boolean {
  const schema = payloads[command.kind as keyof typeof payloads];
  const payload = schema?.safeParse(command.payload);
  if (!payload?.success) return false;
  errand.commandIds.push(command.id);
  add(errand, command.kind, payload.data);
  return true;
}

function add(errand: Errand, kind: string, payload: Record<string, unknown>): void {
  const { customerCodes, skus, connectionId, previous, resolutionId, holdId, runId, agreementLineKey } = payload as Partial<{
    customerCodes: string[];
    skus: string[];
    connectionId: string;
    previous: string | null;
    resolutionId: string;
    holdId: string;
    runId: string;
    agreementLineKey: string;
  }>;
  customerCodes?.forEach((code) => errand.customerCodes.add(code));
  skus?.forEach((sku) => errand.skus.add(sku));
  if (kind === 'epoch-raised') errand.raisedConnections.add(connectionId!);
  if (kind === 'settings-changed') errand.changedConnections.add(connectionId!);
  if (resolutionId !== undefined) errand.resolutionIds.add(resolutionId);
  if (connectionId !== undefined && agreementLineKey !== undefined)
    (kind === 'wait-over' ? errand.overdueLines : errand.agreementLines).set(agreementLineKey, {
      connectionId,
      agreementLineKey,
    });
  if (kind === 'run-requested') errand.runIds.add(runId!);
  if (kind === 'day-run-begun') errand.begunRuns.set(runId!, connectionId!);
  if (holdId !== undefined) errand.holdIds.add(holdId);
  if (kind === 'billing-period-changed' || kind === 'guards-changed') errand.isEverythingConcerned = true;
  if (kind === 'day-started') errand.daysAfter = earlier(errand.daysAfter, previous ?? null);
}

function earlier(known: string | null | undefined, next: string | null): string | null {
  if (known === undefined) return next;
  return known === null || next === null ? null : known < next ? known : next;
}
