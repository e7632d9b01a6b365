import type { DeliveryState, OutcomeKind } from '@trueup/contracts';

/** The state that the outcome of an agreement line's newest version gives it; null leaves it as it is. */
export function stateAfterOutcome(kind: OutcomeKind, isPreview: boolean): DeliveryState | null {
  switch (kind) {
    case 'delivered':
    case 'created':
    case 'zeroed':
      return 'delivered';
    case 'unchanged':
      return isPreview ? 'observed' : 'delivered';
    case 'planned':
      return 'observed';
    case 'held':
    case 'conflict':
      return 'held';
    case 'deferred':
      return 'pending';
    case 'unsettled':
    case 'rejected':
    case 'manual':
      return kind;
    case 'superseded': // the newer version has a state of its own
    case 'checked':
    case 'listed':
      return null;
  }
}

/** Whether the PSA now holds what the version asked for. */
export function isConfirmed(kind: OutcomeKind, isPreview: boolean): boolean {
  return !isPreview && ['delivered', 'created', 'zeroed', 'unchanged'].includes(kind);
}
