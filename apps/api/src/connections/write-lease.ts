import { setTimeout as wait } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { listConnections } from '@trueup/control';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';

/**
 * What an act takes away (a mode, a mapping, a secret, an address) must not be written under any more once its answer is there. A
 * connector's settings are never older than one lease, so the answer comes after one, unless the connections concerned write nothing.
 */
@Injectable()
export class WriteLease {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  /** Waits one lease. */
  async end(): Promise<void> {
    await wait(this.parts.leaseMs);
  }

  /** Waits one lease if one of these connections, all of the tenant's by default, may write. */
  async endIfWriting(tenantId: string, connectionIds?: readonly string[]): Promise<void> {
    if (connectionIds?.length === 0) return;
    const writing = (await listConnections(this.parts.db, tenantId)).filter(({ mode }) => mode !== 'observe');
    if (writing.some(({ id }) => connectionIds?.includes(id) ?? true)) await this.end();
  }
}
