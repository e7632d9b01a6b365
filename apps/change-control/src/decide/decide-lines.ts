import {
  type AgreementLineId,
  type AgreementLineRow,
  type StoredConnection,
  type StoredPart,
  beginRemaps,
  endOtherRemaps,
  ensureAgreementLines,
  listConnections,
  lockAgreementLines,
  lockLines,
  markDecided,
  partsOfLines,
  writeParts,
} from '@trueup/control';
import type { EntityManager } from 'typeorm';
import { type DayEntry, writeDayLog } from '../log/day-log.js';
import type { TenantDay } from '../tenant-day.js';
import { readMappings } from './mapping-index.js';
import { type PlacedLine, placeLine } from './place-line.js';
import { releaseLines } from './release-lines.js';

/**
 * Decides lines of one tenant: where they are billed, and what that makes of the agreement lines concerned. The caller shares the
 * tenant's settings lock. Locks are taken in one order (lines, then agreement lines, each by key), so decisions never wait in a ring.
 */
export async function decideLines(
  tx: EntityManager,
  day: TenantDay,
  lineKeys: readonly string[],
  traces?: ReadonlyMap<string, Record<string, string>>,
): Promise<number> {
  const lines = await lockLines(tx, day.tenantId, lineKeys);
  if (lines.length === 0) return 0;
  const connections = await listConnections(tx, day.tenantId);
  const placed = await placeLines(tx, day, lines, connections);
  const parts = placed.flatMap((line) => line.parts);
  await ensureAgreementLines(
    tx,
    placed.flatMap((line) => line.agreementLines),
  );
  const rows = await lockAgreementLines(tx, distinct(parts));
  await writeParts(tx, parts);
  await noteMoves(tx, day, placed, rows);
  await markDecided(tx, placed);
  await writeDayLog(tx, day, unmappedEntries(lines, placed, connections));
  return (await releaseLines(tx, rows, { connections, day, isForced: false, traces })).length;
}

/** A line that leaves an agreement line whose units the PSA may hold begins at the new place when the old one has let it go. */
async function noteMoves(
  tx: EntityManager,
  day: TenantDay,
  placed: readonly PlacedLine[],
  rows: readonly AgreementLineRow[],
): Promise<void> {
  const moves = placed.flatMap((line) => line.moves);
  if (moves.length === 0) return;
  const lowered = new Set(rows.filter(mayHoldUnits).map((row) => row.agreementLineKey));
  await endOtherRemaps(
    tx,
    moves.map(({ to }) => to),
  );
  const begun = moves.filter(({ from }) => lowered.has(from));
  await beginRemaps(
    tx,
    begun.map(({ from, to, since }) => ({ ...to, fromKey: from, toKey: to.agreementLineKey, movedFrom: since })),
    day.at,
  );
}

/** Where the PSA refused before anything was found there, nothing can be lowered. */
function mayHoldUnits({ version, baseline, outcomeKind, deliveredVersion }: AgreementLineRow): boolean {
  const isRefused = outcomeKind === 'rejected' && baseline === null && deliveredVersion === null;
  return version > 0 && !isRefused;
}

async function placeLines(
  tx: EntityManager,
  day: TenantDay,
  lines: readonly StoredPart[],
  connections: readonly StoredConnection[],
): Promise<PlacedLine[]> {
  const mappingsOf = await readMappings(tx, day.tenantId, lines);
  const existing = Map.groupBy(
    await partsOfLines(
      tx,
      lines.map((line) => line.lineKey),
    ),
    (part) => part.lineKey,
  );
  return lines.map((line) => placeLine(line, existing.get(line.lineKey) ?? [], connections, mappingsOf, day.today));
}

function distinct(ids: readonly AgreementLineId[]): AgreementLineId[] {
  return [...new Map(ids.map((id) => [`${id.connectionId}/${id.agreementLineKey}`, id])).values()];
}

/** One entry a run for each customer (or sku) that is not mapped, in the run of every connection that could bill it. */
function unmappedEntries(
  lines: readonly StoredPart[],
  placed: readonly PlacedLine[],
  connections: readonly StoredConnection[],
): DayEntry[] {
  return placed.flatMap(({ code }, index) => {
    const { customerCode, sku } = lines[index]!;
    if (code === null) return [];
    const isCustomer = code === 'CUSTOMER_UNMAPPED';
    const message = isCustomer ? `Customer ${customerCode} is not mapped to an account` : `Sku ${sku} is not mapped to a product`;
    const onceKey = isCustomer ? `${code}/${customerCode}` : `${code}/${sku}`;
    return connections.map((connection) => ({ connection, code, customerCode, sku, message, onceKey }));
  });
}
