import type { LogEntry } from '@trueup/contracts';
import type { CsvColumn } from '../csv/csv-table.js';

const texts = ['at', 'level', 'code', 'alias', 'owner', 'customerCode', 'sku', 'agreementLineKey', 'message', 'remedy'] as const;

/** The columns of a run log as a file: the members of an entry, its details as JSON. */
export const logColumns: readonly CsvColumn<LogEntry>[] = [
  ...texts.map((name) => ({ name, cell: (entry: LogEntry) => entry[name] })),
  { name: 'details', cell: ({ details }) => (Object.keys(details).length > 0 ? JSON.stringify(details) : undefined) },
];
