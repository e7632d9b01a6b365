import { AsyncLocalStorage } from 'node:async_hooks';

const scope = new AsyncLocalStorage<string>();

/** Runs `work`: whatever it starts reaches the rows of this tenant alone through a database opened with `seesOneTenant`. */
export function inTenant<T>(tenantId: string, work: () => T): T {
  if (tenantId === '') throw new Error('A tenant has an id');
  return scope.run(tenantId, work);
}

/** The tenant of the work under way. Throws outside of `inTenant`: a statement that belongs to nobody is not run. */
export function currentTenant(): string {
  const tenantId = scope.getStore();
  if (tenantId === undefined) throw new Error('A tenant database is used outside of a tenant: see inTenant');
  return tenantId;
}

/** `work`, bound to the tenant of this moment, for whoever calls it later from elsewhere: a stream that is read page by page. */
export function boundToTenant<A extends unknown[], R>(work: (...args: A) => R): (...args: A) => R {
  const tenantId = currentTenant();
  return (...args) => inTenant(tenantId, () => work(...args));
}
