import { isInstant } from '@trueup/contracts';

const HOUR_MS = 3_600_000;
const EARLIEST_MS = Date.parse('0001-01-02T00:00:00Z');

/**
 * The hour under which a record is counted: that in which ingest took it, as the record says itself. One that says nothing readable, which
 * no record of ours does, counts in the hour `otherwise`.
 */
export function hourOf(recordedAt: string | undefined, otherwise: Date): Date {
  const saidMs = recordedAt !== undefined && isInstant(recordedAt) ? Date.parse(recordedAt) : NaN;
  const ms = saidMs >= EARLIEST_MS ? saidMs : otherwise.getTime();
  return new Date(Math.floor(ms / HOUR_MS) * HOUR_MS);
}
