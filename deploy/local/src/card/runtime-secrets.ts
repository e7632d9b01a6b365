import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writePrivateFile } from '../home/write-private-file.js';
import { StartFailure } from '../start-failure.js';

const secretsSchema = z.object({
  adminToken: z.string().min(20),
  eventsToken: z.string().min(20),
  controlToken: z.string().min(20),
  /** Base64 of 32 bytes; without it the stored connection secrets cannot be opened again. */
  masterKey: z.string().length(44),
  databasePassword: z.string().min(20),
  serviceTokens: z.object({ autotask: z.string().min(20) }),
});

/** What the runtime invents on its first start and keeps for the next ones. */
export type RuntimeSecrets = z.output<typeof secretsSchema>;

/** Reads `secrets.json` (mode 0600) of a home, creating it with random secrets on the first start. */
export function loadSecrets(root: string): RuntimeSecrets {
  const path = join(root, 'secrets.json');
  const content = readIfPresent(path);
  if (content === null) return createSecrets(path);
  try {
    return secretsSchema.parse(JSON.parse(content));
  } catch {
    throw new StartFailure(`${path} is damaged: restore it, or remove the folder ${root} to begin anew.`);
  }
}

function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function createSecrets(path: string): RuntimeSecrets {
  const secrets = {
    adminToken: token('tru_admin'),
    eventsToken: token('tru_events'),
    controlToken: token('tru_control'),
    masterKey: randomBytes(32).toString('base64'),
    databasePassword: randomBytes(24).toString('hex'),
    serviceTokens: { autotask: token('tru_service') },
  };
  writePrivateFile(path, `${JSON.stringify(secrets, null, 2)}\n`);
  return secrets;
}

function token(prefix: string): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}
