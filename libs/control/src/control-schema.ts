import type { StoreSchema } from '@trueup/persistence';
import { CreateControlTables1795392000001 } from './create-control-tables.js';

/** Everything that `openDatabase` needs to bring the schema `control` up to date. */
export const controlSchema: StoreSchema = { name: 'control', migrations: [CreateControlTables1795392000001] };
