import type { Principal } from '@trueup/access';
import type { Author } from './current-act.js';

/** The caller as the audit names it. */
export function authorOf({ tenantId, tokenId, label, person }: Principal): Author {
  return { tenantId, actor: person ? { kind: 'person', ...person } : { kind: 'token', id: tokenId, name: label } };
}
