import { ask, type Runtime } from '@trueup/testing/product';

const TABLE = 'connector_autotask.line_write';

/**
 * The writes that the connector knows now. After a restore it has forgotten the newest of them, though the PSA holds what came of them;
 * `tellAgain` puts them back beside its own, so that whoever compares effects with writes knows that each was meant.
 */
export async function forgottenWrites(runtime: Runtime): Promise<{ tellAgain(): Promise<void> }> {
  const [known] = await ask<{ rows: string }>(runtime, `select coalesce(json_agg(w), '[]')::text as rows from ${TABLE} w`);
  return {
    tellAgain: async () => {
      await ask(
        runtime,
        `insert into ${TABLE}
         select (json_populate_record(f, json_build_object('write_key', 'forgotten.' || f.write_key, 'ordinal', f.ordinal + 1000))).*
         from json_populate_recordset(null::${TABLE}, $1::json) f
         where not exists (
           select 1 from ${TABLE} w where w.write_key = f.write_key and w.write = f.write and w.intended_at = f.intended_at)`,
        [known!.rows],
      );
    },
  };
}
