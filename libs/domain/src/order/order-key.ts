import { REMOVAL_TYPES, type ProvisioningEvent } from '@trueup/contracts';
import { toUtcNanos } from './utc-time.js';

const SEPARATOR = '\u0001';

/**
 * Text that sorts events as contracts 1 orders them, byte by byte (collation "C"): UTC time, source, sourceseq (absent first, as an
 * integer), removals before others, id. Arrival never decides. Codes and sources hold no control character, so the separator is safe.
 */
export function orderKeyOf(event: ProvisioningEvent): string {
  const rank = REMOVAL_TYPES.has(event.type) ? '0' : '1';
  return [toUtcNanos(event.time), event.source, sequenceKey(event.sourceseq), rank, event.id].join(SEPARATOR);
}

// The length before the digits makes integers of any length compare as text.
function sequenceKey(sequence: string | undefined): string {
  if (sequence === undefined) return '';
  const digits = sequence.replace(/^0+(?=\d)/, '');
  return `${String(digits.length).padStart(3, '0')}${digits}`;
}
