import { canSee } from '@trueup/access';
import {
  eventFingerprint,
  parseEvent,
  problem,
  type FieldError,
  type Problem,
  type ProblemCode,
  type ProvisioningEvent,
  type Reach,
} from '@trueup/contracts';
import { identityKey } from './known-events.js';
import type { Envelope } from './read-envelope.js';

/** What becomes of one event of a request. */
export type Verdict =
  { status: 'accepted'; event: ProvisioningEvent } | { status: 'duplicate'; event: ProvisioningEvent } | Rejection;

interface Rejection {
  status: 'rejected';
  input: unknown;
  problem: Omit<Problem, 'status'>;
}

export type Parsed = { event: ProvisioningEvent } | { input: unknown; errors: FieldError[] };

/** Parses every input; `now` bounds how far ahead an event may lie, the token's reach which customers it may name. */
export function parseInputs({ inputs, faults }: Envelope, now: Date, reach: Reach): Parsed[] {
  return inputs.map((input, index) => {
    const errors = faults.get(index);
    if (errors) return { input, errors };
    const parsed = parseEvent(input, now);
    if ('errors' in parsed) return { input, errors: parsed.errors };
    if (canSee(reach, { customerCode: parsed.event.subject })) return parsed;
    return { input, errors: [{ pointer: '/subject', detail: 'Lies outside the reach of the token' }] };
  });
}

/**
 * Judges the events in order. `known` holds fingerprints of stored events by identity. The first of an identity within the
 * request counts; a repeat of it is a duplicate, another content under the same identity is a conflict.
 */
export function judgeEvents(parsed: readonly Parsed[], known: ReadonlyMap<string, string>): Verdict[] {
  const first = new Map<string, ProvisioningEvent>();
  return parsed.map((each): Verdict => {
    if ('errors' in each) return rejected(each.input, 'validation-failed', each.errors);
    const { event } = each;
    const key = identityKey(event);
    const stored = known.get(key);
    const earlier = first.get(key);
    if (stored === undefined && earlier === undefined) {
      first.set(key, event);
      return { status: 'accepted', event };
    }
    // Fingerprints cost a hash: they are taken only where an identity repeats.
    const isSame = eventFingerprint(event) === (stored ?? eventFingerprint(earlier!));
    return isSame ? { status: 'duplicate', event } : rejected(event, 'event-conflict', [conflictError]);
  });
}

/** All or nothing: one event that cannot be accepted takes the others of its request with it; what the store holds is a duplicate all the same. */
export function withholdUnlessAll(verdicts: readonly Verdict[]): readonly Verdict[] {
  if (verdicts.every(({ status }) => status !== 'rejected')) return verdicts;
  return verdicts.map((verdict) => (verdict.status === 'accepted' ? withheld(verdict.event) : verdict));
}

function withheld(event: ProvisioningEvent): Verdict {
  const rejection = rejected(event, 'validation-failed', []);
  rejection.problem.detail = 'Sound, but not taken, because another event of this atomic request was refused; send it again';
  return rejection;
}

const conflictError: FieldError = {
  pointer: '/id',
  detail: 'Another event has this source and id; send changed content under a new id',
};

function rejected(input: unknown, code: ProblemCode, errors: FieldError[]): Rejection {
  const { status: _status, ...rest } = problem(code, { errors });
  return { status: 'rejected', input, problem: rest };
}
