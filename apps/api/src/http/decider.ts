import type { Actor } from '@trueup/contracts';
import type { Principal } from './caller.js';

/** The caller as the one who decided, in logs and explanations. */
export function deciderOf({ tokenId, label, person }: Principal): Actor {
  return person ? { id: person.id, name: person.name } : { id: tokenId, name: label };
}
