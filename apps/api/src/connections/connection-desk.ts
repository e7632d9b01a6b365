import { setTimeout as wait } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { ConnectionSecrets } from '@trueup/access';
import type { SqlRunner } from '@trueup/access';
import { findConnection } from '@trueup/control';
import type { StoredConnection } from '@trueup/control';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { invalid, notFound } from '../http/problem-error.js';
import { baseUrlFault } from './base-url.js';
import { toShownConnection } from './connection-shapes.js';

/** What the connection routes have in common: finding, showing, refusing an address, waiting for a lease. */
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

  async show(tenantId: string, stored: readonly StoredConnection[]) {
    const ids = stored.map((connection) => connection.id);
    const fields = await this.secrets.fieldsSet(this.parts.db, tenantId, ids);
    return stored.map((connection) => toShownConnection(connection, fields.get(connection.id)));
  }

  async showOne(tenantId: string, stored: StoredConnection) {
    const [shown] = await this.show(tenantId, [stored]);
    return shown!;
  }

  refuseBadBaseUrl(baseUrl: string | null | undefined): void {
    const fault = typeof baseUrl === 'string' ? baseUrlFault(baseUrl, this.parts.testHosts) : null;
    if (fault !== null) throw invalid('/baseUrl', fault);
  }

  /** After this no replica holds an older epoch: a connector's settings are never older than one lease. */
  async untilLeaseEnds(): Promise<void> {
    await wait(this.parts.leaseMs);
  }
}

export function noConnection() {
  return notFound('There is no such connection; GET /v1/connections lists them.');
}
