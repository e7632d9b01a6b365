import type { Outcome } from '@trueup/contracts';
import type { AgreementLineRow, StoredConnection } from '@trueup/control';
import type { DayEntry } from '../log/day-log.js';

/** The run-log entry of an outcome: what changed from when, or why nothing did. */
export function outcomeEntry(
  row: AgreementLineRow,
  outcome: Outcome,
  connection: StoredConnection,
  customerCodes: readonly string[],
  runId: string | undefined,
): DayEntry {
  const { kind, version, attempt, writes, held, candidates, until, isPreview } = outcome;
  const customerCode = customerCodes.length === 1 ? customerCodes[0] : undefined;
  return {
    connection,
    ...(runId !== undefined && { runId }),
    code: outcome.code,
    ...(customerCode !== undefined && { customerCode }),
    sku: row.sku,
    agreementLineKey: row.agreementLineKey,
    message: `${row.sku} of account ${row.billingIdentifier}: ${whatHappened(outcome)}`,
    details: {
      ...{
        kind,
        version,
        attempt,
        account: row.billingIdentifier,
        message: outcome.message,
        isPreview: isPreview ?? row.isPreview,
      },
      ...(customerCodes.length > 1 && { customerCodes }),
      ...(writes && { writes }),
      ...(held && { held }),
      ...(candidates && { candidates }),
      ...(until && { until }),
    },
  };
}

function whatHappened({ writes, message }: Outcome): string {
  // Most connectors say the levels themselves.
  if (!writes || writes.length === 0 || message.includes('→')) return message;
  const changes = writes.map(({ before, after, effectiveDate }) => `${before} → ${after} from ${effectiveDate}`);
  return `${message} (${changes.join(', ')})`;
}
