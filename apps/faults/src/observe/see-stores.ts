import { inDatabase } from '@trueup/testing/product';
import type { History, Parked, SeenWrite } from '../check/history.js';

interface WriteRow {
  connection_id: string;
  agreement_line_key: string;
  version: number;
  state: string;
  body: { contractServiceID?: number; unitChange?: number; effectiveDate?: string };
}

/** What Postgres holds of the tenants: their events, what the connector meant to write, and what waits in a quarantine. */
export async function seeStores(
  databaseUrl: string,
  tenants: readonly { tenantId: string; connectionId: string }[],
): Promise<Pick<History, 'stored' | 'writes'> & { quarantined: Parked[] }> {
  return inDatabase(databaseUrl, async (client) => {
    const ids = tenants.map(({ tenantId }) => tenantId);
    const connections = tenants.map(({ connectionId }) => connectionId);
    const events = await client.query<{ tenant_id: string; event_id: string; mark: string | null }>(
      `select tenant_id, event_id, content->>'actorid' as mark from billing.event where tenant_id = any($1)`,
      [ids],
    );
    const writes = await client.query<WriteRow>(
      `select connection_id, agreement_line_key, version, state, write->'request'->'body' as body
       from connector_autotask.line_write where connection_id = any($1) order by agreement_line_key, ordinal`,
      [connections],
    );
    const quarantined = await client.query<{ tenant_id: string; reason: string }>(
      `select tenant_id, reason from billing.quarantine where tenant_id = any($1) and state in ('waiting', 'releasing')`,
      [ids],
    );
    return {
      stored: events.rows.map((row) => ({ tenantId: row.tenant_id, eventId: row.event_id, mark: row.mark ?? '' })),
      writes: writes.rows.map(toWrite),
      quarantined: quarantined.rows.map((row) => ({ tenantId: row.tenant_id, where: 'quarantine', why: row.reason })),
    };
  });
}

function toWrite({ connection_id, agreement_line_key, version, state, body }: WriteRow): SeenWrite {
  return {
    connectionId: connection_id,
    agreementLineKey: agreement_line_key,
    version,
    state,
    contractServiceId: body.contractServiceID ?? 0,
    day: body.effectiveDate?.slice(0, 10) ?? '',
    delta: body.unitChange ?? 0,
  };
}
