import { z } from 'zod';
import type { PsaRecord } from '../admin/record-table.js';
import type { RecordTables } from '../admin/record-tables.js';
import { apiUserSchema } from './api-users.js';
import { entities } from './entities/entities.js';
import type { Entity } from './entities/entity.js';
import { switchesSchema } from './switches.js';

const records = z.array(z.looseObject({ id: z.int().positive() })).default([]);

/** The state of the Autotask sandbox as the admin side takes and gives it. */
export const autotaskStateSchema = z.strictObject({
  /** Absent: the users that the sandbox was started with. */
  users: z.array(apiUserSchema).optional(),
  switches: switchesSchema.prefault({}),
  companies: records,
  contracts: records,
  services: records,
  contractServices: records,
  contractServiceUnits: records,
  contractServiceAdjustments: records,
});

export type AutotaskState = z.infer<typeof autotaskStateSchema>;
export type RecordKey = Exclude<keyof AutotaskState, 'users' | 'switches'>;

/** The state's name of an entity's records, e.g. `contractServices`. */
export function stateKeyOf({ path }: Entity): RecordKey {
  return `${path.slice(0, 1).toLowerCase()}${path.slice(1)}` as RecordKey;
}

/** All records in the form that `loadRecords` takes back. */
export function exportRecords(tables: RecordTables): Record<string, PsaRecord[]> {
  return Object.fromEntries(entities.map((entity) => [stateKeyOf(entity), [...tables.all(entity.path)]]));
}
