import { z } from 'zod';
import type { PsaRecord } from '../admin/record-table.js';
import type { RecordTables } from '../admin/record-tables.js';
import { apiUserSchema } from './api-users.js';
import { entities } from './entities/entities.js';
import type { Entity } from './entities/entity.js';
import { switchesSchema } from './switches.js';

const records = z.array(z.looseObject({ id: z.int().positive() })).default([]);

/** The records of the Autotask sandbox as the admin side takes and gives them. */
export const autotaskRecordsSchema = z.strictObject({
  companies: records,
  contracts: records,
  services: records,
  contractServices: records,
  contractServiceUnits: records,
  contractServiceAdjustments: records,
  billingCodes: records,
  products: records,
  contractCharges: records,
  billingItems: records,
});

/** Everything: records, users and switches. */
export const autotaskStateSchema = autotaskRecordsSchema.extend({
  /** Absent: the users that the sandbox was started with. */
  users: z.array(apiUserSchema).optional(),
  switches: switchesSchema.prefault({}),
});

export type AutotaskRecords = z.infer<typeof autotaskRecordsSchema>;

/** The state's name of an entity's records, e.g. `contractServices`. */
export function stateKeyOf({ path }: Entity): keyof AutotaskRecords {
  return `${path.slice(0, 1).toLowerCase()}${path.slice(1)}` as keyof AutotaskRecords;
}

/** All records in the form that `loadRecords` takes back. */
export function exportRecords(tables: RecordTables): Record<string, PsaRecord[]> {
  return Object.fromEntries(entities.map((entity) => [stateKeyOf(entity), [...tables.all(entity.path)]]));
}
