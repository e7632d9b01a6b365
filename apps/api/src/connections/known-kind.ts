import { registeredKinds } from '@trueup/access';
import type { SqlRunner } from '@trueup/access';
import { PSA_KINDS } from '@trueup/contracts';
import { invalid } from '../http/problem-error.js';

/** Refuses a kind of PSA without a connector: neither one of ours nor one that an operator registered, as it is at this moment. */
export async function refuseUnknownKind(allTenants: SqlRunner, kind: string): Promise<void> {
  const known = new Set<string>([...PSA_KINDS, ...(await registeredKinds(allTenants))]);
  if (known.has(kind)) return;
  throw invalid('/kind', `No connector of this kind is registered; there are: ${[...known].sort().join(', ')}`);
}
