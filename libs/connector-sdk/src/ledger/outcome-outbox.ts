import { OUTCOMES, partitionOf, type Outcome } from '@trueup/contracts';
import { appendOutbox } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import { countOutcome } from '../deliver/work-metrics.js';

/** An outcome and the account that its partition is chosen by. */
export interface AddressedOutcome {
  outcome: Outcome;
  account: string;
}

/** Puts outcomes into the outbox, in the transaction that changed the ledger. */
export function appendOutcomes(tx: EntityManager, schema: string, outcomes: readonly AddressedOutcome[]): Promise<void> {
  for (const { outcome } of outcomes) countOutcome(outcome.connectionId, outcome.kind);
  return appendOutbox(
    tx,
    schema,
    outcomes.map(({ outcome, account }) => {
      const partitionBy = `${outcome.connectionId}/${account}`;
      return {
        topic: OUTCOMES,
        shard: partitionOf(OUTCOMES, partitionBy),
        key: `${outcome.connectionId}/${outcome.agreementLineKey}`,
        partitionBy,
        value: JSON.stringify(outcome),
      };
    }),
  );
}
