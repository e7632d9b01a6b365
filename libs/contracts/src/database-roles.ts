/**
 * The Postgres roles besides the owner, which migrates and does nothing else. Neither owns, creates or passes by a row-level policy:
 * `app` sees one tenant at a time, `worker` every tenant, because a policy of its own says so (docs/adr/0010).
 */
export const DATABASE_ROLES = { app: 'trueup_app', worker: 'trueup_worker' } as const;
export type DatabaseRole = keyof typeof DATABASE_ROLES;

/** The setting of a transaction that names its tenant. */
export const TENANT_SETTING = 'app.tenant';
