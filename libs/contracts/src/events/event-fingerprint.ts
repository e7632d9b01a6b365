import { createHash } from 'node:crypto';
import { canonicalJson } from '../canonical-json.js';
import type { ProvisioningEvent } from './provisioning-event.js';

/**
 * SHA-256 (hex) over the canonical JSON of an event's content. Trace attributes are no content: a retry by an instrumented sender
 * carries the same identity with another trace, and is a duplicate, not a conflict.
 */
export function eventFingerprint(event: ProvisioningEvent): string {
  const { traceparent: _parent, tracestate: _state, ...content } = event;
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}
