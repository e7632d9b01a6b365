import type { PsaCall } from '../admin/psa-call.js';
import { frameworkError, Refusal, refuseValue } from './refusal.js';

/** The JSON object in a call's body, or the refusal that the API gives. */
export function jsonObjectOf(call: PsaCall): Record<string, unknown> {
  const value = jsonOf(call);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuseValue(value, '');
  return value as Record<string, unknown>;
}

function jsonOf({ headers, bodyText }: PsaCall): unknown {
  const mediaType = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') throw new Refusal(wrongMediaType(mediaType ?? ''));
  try {
    return JSON.parse(bodyText ?? '');
  } catch {
    // The API's parser complains in the same words as for a value of the wrong type.
    return refuseValue(bodyText ?? '', '');
  }
}

function wrongMediaType(mediaType: string) {
  return frameworkError(415, `The request entity's media type '${mediaType}' is not supported for this resource.`);
}
