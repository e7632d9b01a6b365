import type { Fault } from './fault.js';
import { f01IngestIsKilled } from './faults/f01-ingest-is-killed.js';
import { f02ProjectorIsKilled } from './faults/f02-projector-is-killed.js';
import { f03ConnectorIsKilled } from './faults/f03-connector-is-killed.js';
import { f04RelayIsKilled } from './faults/f04-relay-is-killed.js';
import { f05Zombie } from './faults/f05-zombie.js';
import { f06BrokerIsKilled } from './faults/f06-broker-is-killed.js';
import { f07BrokerIsAway } from './faults/f07-broker-is-away.js';
import { f08DatabaseIsKilled } from './faults/f08-database-is-killed.js';
import { f09RedisFails } from './faults/f09-redis-fails.js';
import { f10PsaDown } from './faults/f10-psa-down.js';
import { f11PsaSlow } from './faults/f11-psa-slow.js';
import { f12Limits } from './faults/f12-limits.js';
import { f13AnswersAfterTheCommit } from './faults/f13-answers-after-the-commit.js';
import { f14ResetsBeforeTheCommit } from './faults/f14-resets-before-the-commit.js';
import { f15StaleReads } from './faults/f15-stale-reads.js';
import { f16EditsByHand } from './faults/f16-edits-by-hand.js';
import { f17DuplicateDelivery } from './faults/f17-duplicate-delivery.js';
import { f18ShuffledAndLate } from './faults/f18-shuffled-and-late.js';
import { f19Poison } from './faults/f19-poison.js';
import { f20DiskIsFull } from './faults/f20-disk-is-full.js';
import { f21ClockJumps } from './faults/f21-clock-jumps.js';
import { f22RebalanceStorm } from './faults/f22-rebalance-storm.js';
import { f23RollingRestart } from './faults/f23-rolling-restart.js';
import { f24RacingConnectors } from './faults/f24-racing-connectors.js';
import { f25PeriodClosesInABurst } from './faults/f25-period-closes-in-a-burst.js';
import { f26DuplicateSchedules } from './faults/f26-duplicate-schedules.js';
import { f27WithdrawnAccess } from './faults/f27-withdrawn-access.js';
import { f28AStrangerProbes } from './faults/f28-a-stranger-probes.js';
import { f29DatabaseIsRestored } from './faults/f29-database-is-restored.js';
import { f30RebuildUnderLoad } from './faults/f30-rebuild-under-load.js';
import { f31StarvedProcess } from './faults/f31-starved-process.js';
import { f32AnswerIsCut } from './faults/f32-answer-is-cut.js';

/** Every fault of the plan, in the order of its number. Where one is injected narrower than planned, docs/guarantees.md says so. */
export const CATALOGUE: readonly Fault[] = [
  f01IngestIsKilled,
  f02ProjectorIsKilled,
  f03ConnectorIsKilled,
  f04RelayIsKilled,
  f05Zombie,
  f06BrokerIsKilled,
  f07BrokerIsAway,
  f08DatabaseIsKilled,
  f09RedisFails,
  f10PsaDown,
  f11PsaSlow,
  f12Limits,
  f13AnswersAfterTheCommit,
  f14ResetsBeforeTheCommit,
  f15StaleReads,
  f16EditsByHand,
  f17DuplicateDelivery,
  f18ShuffledAndLate,
  f19Poison,
  f20DiskIsFull,
  f21ClockJumps,
  f22RebalanceStorm,
  f23RollingRestart,
  f24RacingConnectors,
  f25PeriodClosesInABurst,
  f26DuplicateSchedules,
  f27WithdrawnAccess,
  f28AStrangerProbes,
  f29DatabaseIsRestored,
  f30RebuildUnderLoad,
  f31StarvedProcess,
  f32AnswerIsCut,
];

/** The fault of that number; throws when there is none. */
export function faultOf(id: string): Fault {
  const found = CATALOGUE.find((fault) => fault.id.toUpperCase() === id.toUpperCase());
  if (found === undefined) throw new Error(`There is no fault ${id}; known: ${CATALOGUE.map((fault) => fault.id).join(', ')}`);
  return found;
}
