import type { Actor } from '@trueup/contracts';
import type { Principal } from './caller.js';

/** The caller as the one who decided, in logs and explanations. */
export function deciderOf({ tokenId, label }: Principal): Actor {
  return { id: tokenId, name: label };
}
