import type { MigrationInterface } from 'typeorm';

/** One Postgres schema and the migrations that build it, oldest first. Class names end in a 13-digit timestamp, as TypeORM asks. */
export interface StoreSchema {
  name: string;
  migrations: readonly (new () => MigrationInterface)[];
}
