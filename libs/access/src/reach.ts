import type { Reach } from '@trueup/contracts';

/** What reach is judged by: a customer and the reseller it belongs to, if any. */
export interface Reachable {
  customerCode: string;
  resellerCode?: string | null;
}

/** Whether a customer lies within the reach. */
export function canSee(reach: Reach, customer: Reachable): boolean {
  if (reach === 'tenant') return true;
  if ('resellerCode' in reach) return customer.resellerCode === reach.resellerCode;
  return reach.customerCodes.includes(customer.customerCode);
}

/** Whether everything within `inner` lies within `outer` too, so that the holder of `outer` may give `inner` away. */
export function reachCovers(outer: Reach, inner: Reach): boolean {
  if (outer === 'tenant') return true;
  if (inner === 'tenant') return false;
  if ('resellerCode' in outer) return 'resellerCode' in inner && inner.resellerCode === outer.resellerCode;
  return 'customerCodes' in inner && inner.customerCodes.every((code) => outer.customerCodes.includes(code));
}
