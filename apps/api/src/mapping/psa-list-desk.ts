import { setTimeout as wait } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { listProgress, requestLists } from '@trueup/control';
import type { ListProgress } from '@trueup/control';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';

const lookAgainMs = 200;
const oldAfterMs = 86_400_000;

/** Has connectors list what their PSAs have, and waits for them. */
@Injectable()
export class PsaListDesk {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  /**
   * Asks for the PSA's lists when that is wanted, or when they were never asked for: a PSA that refused is not asked again by itself. Answers
   * how far the request is after a while; null when there is no such connection.
   */
  async progress(tenantId: string, connectionId: string, isRefresh: boolean): Promise<ListProgress | null> {
    const { db, checkWaitMs } = this.parts;
    const before = await listProgress(db, tenantId, connectionId);
    if (before === null) return null;
    const isUnderWay = before.requested > before.answered;
    if (!isUnderWay && (isRefresh || before.requested === 0)) await requestLists(db, tenantId, connectionId);
    for (let waitedMs = 0; ; waitedMs += lookAgainMs) {
      const now = (await listProgress(db, tenantId, connectionId)) ?? before;
      if (now.answered >= now.requested || waitedMs >= checkWaitMs) return now;
      await wait(lookAgainMs);
    }
  }

  /** More than a day has passed since the PSA was asked, or it never was. */
  isOld(readAt: Date | undefined): boolean {
    return readAt === undefined || this.parts.now().getTime() - readAt.getTime() > oldAfterMs;
  }
}
