import type { EntityManager } from 'typeorm';
import { LINE_COLUMNS, lineValues } from './line-columns.js';
import type { LineRow } from './line-row.js';

/** Writes lines as they are now; their rows are locked by the caller, or new. */
export async function putLines(tx: EntityManager, schema: string, rows: readonly LineRow[]): Promise<void> {
  if (rows.length === 0) return;
  const values = rows.map(lineValues);
  const columns = LINE_COLUMNS.map((_, column) => values.map((row) => row[column]));
  const names = LINE_COLUMNS.map(([name]) => name);
  const changing = names.filter((name) => name !== 'connection_id' && name !== 'agreement_line_key');
  await tx.query(
    `insert into "${schema}".desired_line (${names.join(', ')})
     select ${LINE_COLUMNS.map(([name, type]) => (type === 'jsonb' ? `r.${name}::jsonb` : `r.${name}`)).join(', ')}
     from unnest(${LINE_COLUMNS.map(([, type], i) => `$${i + 1}::${type === 'jsonb' ? 'text' : type}[]`).join(', ')}) as r(${names.join(', ')})
     on conflict (connection_id, agreement_line_key) do update
       set ${changing.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    columns,
  );
}
