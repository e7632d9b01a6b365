import type { MigrationInterface } from 'typeorm';

/** One Postgres schema and the migrations that build it, oldest first. Class names end in a 13-digit timestamp, as TypeORM asks. */
export interface StoreSchema {
  name: string;
  migrations: readonly (new () => MigrationInterface)[];
  /** Tables that the role of one tenant uses though they have no tenant_id, each with the SQL condition on a row that makes it this tenant's. */
  rowsOfTenant?: Readonly<Record<string, string>>;
  /** Tables whose rows nobody but the owner may change or take away. */
  growingOnly?: readonly string[];
}
