import type { OutcomeKind } from '@trueup/contracts';
import { Counter, metrics } from '@trueup/service';
import type { WriteState } from '../ledger/line-row.js';

const writes = new Counter({
  name: 'trueup_connector_writes_total',
  help: 'Writes by the state that they came to: intent (committed, then sent once), acknowledged, unknown, refused, not-executed; then confirmed, disputed or vouched. Every write is counted at each state once',
  labelNames: ['connection', 'state'],
  registers: [metrics],
});

const outcomes = new Counter({
  name: 'trueup_connector_outcomes_total',
  help: 'Outcomes told to change-control, by kind',
  labelNames: ['connection', 'kind'],
  registers: [metrics],
});

/** A write has come to a state. */
export function countWrite(connection: string, state: WriteState): void {
  writes.inc({ connection, state });
}

/** An outcome goes to the outbox. */
export function countOutcome(connection: string, kind: OutcomeKind): void {
  outcomes.inc({ connection, kind });
}
