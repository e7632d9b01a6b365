import type { QuantityChange } from '@trueup/contracts';
import { saveAgreementLines } from '@trueup/control';
import { appendOutbox } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import { type DayEntry, writeDayLog } from '../log/day-log.js';
import { type DraftedLine, type ReleaseOptions, draftLines } from './draft-lines.js';
import { judgeCandidates } from './judge-candidates.js';
import { nextVersionOf, releaseCandidate } from './release-candidate.js';
import { toOutboxRow } from './release-lines.js';

/**
 * Has connectors say what they would do for these agreement lines, whose locks the transaction holds, in a connection that writes. A preview
 * takes a version of its own and leaves all else of its line as it is. A line with a change under way is not asked for: a preview would
 * take its place.
 */
export async function previewLines(
  tx: EntityManager,
  rows: Parameters<typeof draftLines>[1],
  options: ReleaseOptions & { runId: string },
): Promise<QuantityChange[]> {
  if (rows.length === 0) return [];
  const { day, runId } = options;
  const { drafts, guards } = await draftLines(tx, rows, options);
  const trips = await judgeCandidates(
    tx,
    drafts.flatMap(({ candidate }) => candidate ?? []),
    guards,
    day,
  );
  const asked = drafts.flatMap((draft) => {
    const { candidate, before, connection } = draft;
    if (!candidate || !connection || isUnderWay(draft) || trips.has(before.agreementLineKey)) return [];
    const { change } = releaseCandidate(candidate, day, runId);
    return [{ change, connection, row: { ...before, previewedVersion: nextVersionOf(before) } }];
  });
  await saveAgreementLines(
    tx,
    asked.map(({ row }) => row),
  );
  const outgoing = asked.map(({ change, connection }) => toOutboxRow(change, connection.kind, { isPreview: true }));
  await appendOutbox(tx, 'control', outgoing);
  const entries = drafts.flatMap((draft) => entryOf(draft, trips.get(draft.before.agreementLineKey), runId));
  await writeDayLog(tx, day, entries);
  return asked.map(({ change }) => change);
}

function isUnderWay({ before }: DraftedLine): boolean {
  return before.version > 0 && !before.outcomeIsFinal;
}

/** Why a line was not asked for: a guard would hold it, or something stands in its way already. */
function entryOf(draft: DraftedLine, trip: { code: DayEntry['code']; message: string } | undefined, runId: string): DayEntry[] {
  const { connection, candidate, before, row } = draft;
  const { agreementLineKey, sku } = before;
  if (!connection || (candidate && !trip && !isUnderWay(draft))) return [];
  const standing = { code: row.code ?? 'HELD', message: row.message ?? `Nothing is released: ${row.state}` };
  const underWay = { code: 'HELD' as const, message: 'A change is under way; its own outcome shows what comes of it' };
  const reason = trip ?? (candidate ? underWay : standing);
  return [{ connection, runId, level: 'Info', agreementLineKey, sku, code: reason.code, message: `Preview: ${reason.message}` }];
}
