import type { Guard } from '@trueup/contracts';
import {
  type AgreementLineRow,
  type ConfirmedPart,
  type Remap,
  type StoredConnection,
  listGuards,
  partsOfAgreementLines,
  remapsOf,
} from '@trueup/control';
import type { EntityManager } from 'typeorm';
import type { TenantDay } from '../tenant-day.js';
import { type Candidate, type Draft, draftLine } from './draft-line.js';

export interface ReleaseOptions {
  connections: readonly StoredConnection[];
  day: TenantDay;
  isForced: boolean;
  /** A person has just decided about these lines: guards have nothing against what that makes of them. */
  isLetThrough?: boolean;
  /** A run on an earlier period brings nothing that came after it. */
  periodId?: string;
  /** The manual run that asks for it. */
  runId?: string;
  /** Trace headers of the target behind a line, by line key. */
  traces?: ReadonlyMap<string, Record<string, string>>;
}

/** A draft with the agreement line as it was. */
export interface DraftedLine extends Draft {
  before: AgreementLineRow;
  connection: StoredConnection | undefined;
}

export interface Drafts {
  drafts: DraftedLine[];
  /** By `connection/agreement line key`. */
  parts: ReadonlyMap<string, ConfirmedPart[]>;
  remaps: Remap[];
  guards: Guard[];
}

/** What these agreement lines, whose locks the transaction holds, are to become. Nothing is stored. */
export async function draftLines(tx: EntityManager, rows: readonly AgreementLineRow[], options: ReleaseOptions): Promise<Drafts> {
  const parts = Map.groupBy(await partsOfAgreementLines(tx, rows), (part) => keyOf(part));
  const connections = new Map(options.connections.map((connection) => [connection.id, connection]));
  const { day, isForced, isLetThrough, periodId } = options;
  const guards = await listGuards(tx, day.tenantId);
  const remaps = await remapsOf(tx, rows);
  const drafts = rows.map((before) => {
    const connection = connections.get(before.connectionId);
    const known = { parts: parts.get(keyOf(before)) ?? [], remaps: remapsWith(before, remaps) };
    const draft = draftLine({ row: before, ...known, connection, guards, day, isForced, periodId });
    return { ...draft, before, connection, candidate: isLetThrough ? letThrough(draft.candidate) : draft.candidate };
  });
  return { drafts, parts, remaps, guards };
}

function remapsWith({ connectionId, agreementLineKey }: AgreementLineRow, remaps: readonly Remap[]): Remap[] {
  return remaps.filter((one) => one.connectionId === connectionId && [one.fromKey, one.toKey].includes(agreementLineKey));
}

function letThrough(candidate: Candidate | undefined): Candidate | undefined {
  return candidate && { ...candidate, row: { ...candidate.row, allowedHash: candidate.contentHash } };
}

function keyOf(id: { connectionId: string; agreementLineKey: string }): string {
  return `${id.connectionId}/${id.agreementLineKey}`;
}
