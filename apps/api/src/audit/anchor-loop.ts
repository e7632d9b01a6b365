import { anchorAudit } from '@trueup/access';
import type { MasterKey } from '@trueup/access';
import type { Logger } from '@trueup/service';
import type { DataSource } from 'typeorm';
import { AnchorFile } from './anchor-file.js';

const everyMs = 5 * 60_000;

/** What the loop needs to sign the heads of all chains. */
export interface AnchorParts {
  db: DataSource;
  masterKey: MasterKey;
  logger: Pick<Logger, 'info' | 'error'>;
  now(): Date;
  /** Where anchors are kept besides the database. */
  anchorFile?: string;
}

/** Signs the heads of all chains now, and tells them to the log and the file: both outlive a database that was set back. */
export async function anchorOnce({ db, masterKey, logger, now, anchorFile }: AnchorParts): Promise<void> {
  const anchors = await anchorAudit(db, masterKey, now());
  await new AnchorFile(anchorFile).append(anchors);
  for (const { tenantId, seq, hash } of anchors) logger.info({ tenantId, seq, hash }, 'audit anchored');
}

/** Signs every five minutes. Whatever fails is tried again at the next turn. Returns what ends it, after a last signing. */
export function startAnchorLoop(parts: AnchorParts): { stop(): Promise<void> } {
  const anchor = () =>
    anchorOnce(parts).catch((error: unknown) => parts.logger.error({ err: error }, 'the audit was not anchored'));
  const timer = setInterval(() => void anchor(), everyMs);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await anchor();
    },
  };
}
