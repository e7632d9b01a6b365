import type { Guard } from '@trueup/contracts';
import { countedAgreementLines, lockRunCounts } from '@trueup/control';
import { type CountedLine, type Trip, judgeLine, judgeRun, unexplainedUnits } from '@trueup/domain';
import type { EntityManager } from 'typeorm';
import type { TenantDay } from '../tenant-day.js';
import { countCandidate, countOther } from './count-line.js';
import type { Candidate } from './draft-line.js';

/** What guards have against candidates, by agreement line key. What is only previewed, or what a person let pass, is not judged. */
export async function judgeCandidates(
  tx: EntityManager,
  candidates: readonly Candidate[],
  guards: readonly Guard[],
  day: TenantDay,
): Promise<Map<string, Trip>> {
  const trips = new Map<string, Trip>();
  const judged = candidates.filter(isJudged);
  for (const [connectionId, own] of Map.groupBy(judged, ({ connection }) => connection.id)) {
    const counted = own.map((candidate) => countCandidate(candidate, day));
    for (const [key, trip] of await judgeTogether(tx, connectionId, own, counted, guards, day)) trips.set(key, trip);
    for (const [index, candidate] of own.entries()) {
      const trip = judgeLine(counted[index]!, candidate.row.steps, candidate.guards, candidate.connection.settings.requireHand);
      if (trip) trips.set(candidate.row.agreementLineKey, trip);
    }
  }
  return trips;
}

/** Whether guards look at the candidate: what is only previewed, or what a person let pass, goes on. */
export function isJudged({ row, connection, contentHash }: Candidate): boolean {
  return connection.mode === 'auto' && row.allowedHash !== contentHash;
}

/** Limits of a customer or a run need all lines of the connection; they are counted under a lock, and only when that can matter. */
async function judgeTogether(
  tx: EntityManager,
  connectionId: string,
  candidates: readonly Candidate[],
  counted: readonly CountedLine[],
  guards: readonly Guard[],
  day: TenantDay,
): Promise<[string, Trip][]> {
  const hasGroupLimit = candidates.some((one) => one.guards.some(({ kind, per }) => kind === 'max-change' && per !== 'line'));
  const doesChange = counted.some(({ opening, level }) => opening !== level);
  const isAnyMissing = counted.some((line) => unexplainedUnits(line) !== '0');
  if (!isAnyMissing && !(hasGroupLimit && doesChange)) return [];
  await lockRunCounts(tx, connectionId);
  const isActive = candidates[0]!.connection.settings.counting === 'active';
  const own = new Set(counted.map((line) => line.agreementLineKey));
  const others = (await countedAgreementLines(tx, connectionId)).filter((line) => !own.has(line.agreementLineKey));
  const all = [...counted, ...others.map((line) => countOther(line, day, isActive))];
  const ofConnection = guards.filter(({ scope }) => scope.connectionId === undefined || scope.connectionId === connectionId);
  return [...judgeRun(all, ofConnection)].filter(([key]) => own.has(key));
}
