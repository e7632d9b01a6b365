import type { DataSource, EntityManager } from 'typeorm';
import { type WaitingRows, waitingRowsOf } from './waiting-rows.js';

/** What a person decided (or midnight brought), for the owner of the state to carry out. */
export interface NewCommand {
  tenantId: string;
  kind: string;
  payload: unknown;
}

export interface StoredCommand extends NewCommand {
  id: string;
}

/** The channel on which a commit says that commands wait. */
export const commandChannel = (schema: string): string => `${schema}_command`;

/** Statements that create the commands of a schema. */
export function commandDdl(schema: string): string[] {
  return [
    `create table "${schema}".command (
       id bigint generated always as identity primary key, tenant_id text not null, kind text not null, payload jsonb not null)`,
  ];
}

/** Adds a command in the transaction of the setting it belongs to and wakes the owner on commit. Returns its id. */
export async function appendCommand(tx: EntityManager, schema: string, command: NewCommand): Promise<string> {
  const rows = await tx.query<{ id: string }[]>(
    `insert into "${schema}".command (tenant_id, kind, payload) values ($1, $2, $3) returning id`,
    [command.tenantId, command.kind, JSON.stringify(command.payload)],
  );
  await tx.query('select pg_notify($1, $2)', [commandChannel(schema), rows[0]!.id]);
  return rows[0]!.id;
}

/** The oldest commands that no other replica holds, locked until the transaction ends. */
export function takeCommands(tx: EntityManager, schema: string, limit: number): Promise<StoredCommand[]> {
  return tx.query(
    `select id, tenant_id as "tenantId", kind, payload from "${schema}".command order by id limit $1 for update skip locked`,
    [limit],
  );
}

/** Removes commands that were carried out in this transaction. */
export async function finishCommands(tx: EntityManager, schema: string, ids: readonly string[]): Promise<void> {
  await tx.query(`delete from "${schema}".command where id = any($1::bigint[])`, [[...ids]]);
}

/** Commands that wait. */
export async function pendingCommands(database: DataSource, schema: string): Promise<number> {
  const [row] = await database.query<{ count: string }[]>(`select count(*) from "${schema}".command`);
  return Number(row?.count ?? 0);
}

/** How many commands wait, and which has waited longest. */
export function waitingCommands(database: DataSource, schema: string): Promise<WaitingRows> {
  return waitingRowsOf(database, schema, 'command');
}
