import { Inject, Injectable } from '@nestjs/common';
import { ConnectionSecrets } from '@trueup/access';
import type { SqlRunner } from '@trueup/access';
import { BillingSettings } from '@trueup/billing';
import type { PlainDate } from '@trueup/contracts';
import { findConnection, lockSettings } from '@trueup/control';
import type { StoredConnection } from '@trueup/control';
import { zoneCalendar } from '@trueup/domain';
import type { EntityManager } from 'typeorm';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import type { Precondition } from '../http/precondition.js';
import { invalid, notFound } from '../http/problem-error.js';
import { baseUrlFault } from './base-url.js';
import { toShownConnection } from './connection-shapes.js';

/** What the connection routes have in common: finding, showing, refusing an address. */
@Injectable()
export class ConnectionDesk {
  readonly secrets: ConnectionSecrets;

  constructor(@Inject(API_PARTS) readonly parts: ApiParts) {
    this.secrets = new ConnectionSecrets(parts.masterKey);
  }

  async find(tenantId: string, id: string, db: SqlRunner = this.parts.db): Promise<StoredConnection> {
    const stored = await findConnection(db, tenantId, id);
    if (!stored) throw noConnection();
    return stored;
  }

  async show(tenantId: string, stored: readonly StoredConnection[], db: SqlRunner = this.parts.db) {
    const ids = stored.map((connection) => connection.id);
    const fields = await this.secrets.fieldsSet(db, tenantId, ids);
    return stored.map((connection) => toShownConnection(connection, fields.get(connection.id)));
  }

  async showOne(tenantId: string, stored: StoredConnection, db: SqlRunner = this.parts.db) {
    const [shown] = await this.show(tenantId, [stored], db);
    return shown!;
  }

  /** Locks the tenant's settings and refuses when the connection is not what the caller read. */
  async beginEdit(tx: EntityManager, tenantId: string, id: string, ifMatch: Precondition): Promise<StoredConnection> {
    await lockSettings(tx, tenantId);
    const stored = await this.find(tenantId, id, tx);
    await ifMatch.refuseChanged(() => this.showOne(tenantId, stored, tx));
    return stored;
  }

  refuseBadBaseUrl(baseUrl: string | null | undefined): void {
    const fault = typeof baseUrl === 'string' ? baseUrlFault(baseUrl, this.parts.testHosts) : null;
    if (fault !== null) throw invalid('/baseUrl', fault);
  }

  /** The tenant's local day. */
  async today(tenantId: string): Promise<PlainDate> {
    const settings = await new BillingSettings(this.parts.db).get(tenantId);
    if (!settings) throw new Error(`Tenant ${tenantId} has no billing period settings`);
    return zoneCalendar(settings.timeZone).localDateOf(this.parts.now().getTime());
  }
}

export function noConnection() {
  return notFound('There is no such connection; GET /v1/connections lists them.');
}
