import { Controller, Get, Inject } from '@nestjs/common';
import { BillingSettings } from '@trueup/billing';
import { internalConnections } from '@trueup/contracts';
import type { InternalConnection, InternalConnections } from '@trueup/contracts';
import { connectionsOfKind } from '@trueup/control';
import type { StoredConnection } from '@trueup/control';
import { Answers } from '../http/answers.js';
import { CallingKind } from '../http/caller.js';
import { NeedsServiceToken } from '../http/needs-scope.js';
import { ConnectionDesk } from './connection-desk.js';

/** The one place where secrets leave the house: to the connector whose service token names the kind. */
@Controller('internal/v1/connections')
export class InternalConnectionsController {
  constructor(@Inject(ConnectionDesk) private readonly desk: ConnectionDesk) {}

  @Get()
  @NeedsServiceToken()
  @Answers(200, 'All connections of the kind that the service token names, with settings and secrets', internalConnections)
  async list(@CallingKind() kind: string): Promise<InternalConnections> {
    const { allTenants: db, now, logger } = this.desk.parts;
    const asOf = now().toISOString();
    const stored = await connectionsOfKind(db, kind);
    const revealed = await this.desk.secrets.reveal(
      db,
      stored.map((connection) => connection.id),
    );
    for (const [connectionId, fault] of revealed.sealed) logger.error({ connectionId, err: fault }, 'secrets cannot be opened');
    const zones = await this.#zonesOf(stored);
    const connections = stored.map((connection) =>
      toInternal(connection, revealed.open.get(connection.id), zones.get(connection.tenantId)!),
    );
    return { asOf, connections };
  }

  async #zonesOf(stored: readonly StoredConnection[]): Promise<Map<string, TenantZone>> {
    const settings = new BillingSettings(this.desk.parts.allTenants);
    const zones = new Map<string, TenantZone>();
    for (const tenantId of new Set(stored.map((connection) => connection.tenantId))) {
      const found = await settings.get(tenantId);
      if (!found) throw new Error(`Tenant ${tenantId} has no billing period settings`);
      zones.set(tenantId, { timeZone: found.timeZone, graceHours: found.graceHours });
    }
    return zones;
  }
}

type TenantZone = Pick<InternalConnection, 'timeZone' | 'graceHours'>;

function toInternal(stored: StoredConnection, secrets: Record<string, string> | undefined, zone: TenantZone): InternalConnection {
  const { id, tenantId, kind, label, mode, epoch, state, baseUrl, settings, checkRequested, listRequested } = stored;
  return {
    id,
    tenantId,
    kind,
    label,
    mode,
    epoch,
    state,
    baseUrl,
    settings,
    secrets: secrets ?? {},
    ...zone,
    checkRequested,
    listRequested,
  };
}
