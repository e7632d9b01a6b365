import { ConnectionSecrets, rotateSecrets } from '@trueup/access';
import type { MasterKey } from '@trueup/access';
import type { Logger } from '@trueup/service';
import type { DataSource } from 'typeorm';

export interface RotationParts {
  db: DataSource;
  masterKey: MasterKey;
  logger: Pick<Logger, 'info' | 'error'>;
  now(): Date;
}

/**
 * Moves all secrets to the newest master key, beside the service's work. A failure is told and tried again at the next start: until
 * then the keys before it still open what is left. `stop` waits for the end.
 */
export function rotateAtStart(parts: RotationParts): { stop(): Promise<void> } {
  const done = rotate(parts).catch((error: unknown) => parts.logger.error({ err: error }, 'the secrets were not rotated'));
  return { stop: () => done };
}

async function rotate({ db, masterKey, logger, now }: RotationParts): Promise<void> {
  const { rotated, sealed } = await rotateSecrets(db, new ConnectionSecrets(masterKey), masterKey, now());
  if (rotated > 0) logger.info({ connections: rotated, masterKey: masterKey.id }, 'secrets moved to the newest master key');
  for (const { tenantId, connectionId, fault } of sealed)
    logger.error({ tenantId, connectionId, err: fault }, 'secrets cannot be opened');
}
