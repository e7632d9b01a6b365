import { newTokenSecret } from './token-secret.js';
import { setServiceTokens } from './service-tokens.js';
import type { SqlRunner } from './sql-runner.js';

/** Kinds of PSA whose connector may ask for its connections: those with a service token. Read fresh at every call. */
export async function registeredKinds(db: SqlRunner): Promise<string[]> {
  const rows = await db.query<{ kind: string }[]>('select distinct kind from access.service_token order by kind');
  return rows.map(({ kind }) => kind);
}

/**
 * Makes the service token of a kind, valid at once and without a restart; its secret is in the answer and nowhere else. The kind's
 * earlier token ends.
 */
export async function issueServiceToken(tx: SqlRunner, kind: string, at: Date): Promise<string> {
  const secret = newTokenSecret('tru_service');
  await setServiceTokens(tx, new Map([[kind, secret]]), at);
  return secret;
}
