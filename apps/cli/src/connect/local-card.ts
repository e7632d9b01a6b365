import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const localCard = z.object({
  apiUrl: z.url().nullable(),
  ingestUrl: z.url().nullable(),
  kafkaBrokers: z.string().optional(),
  databaseUrl: z.string().optional(),
  tokens: z.object({ admin: z.string(), events: z.string() }),
  adminPorts: z.record(z.string(), z.array(z.int())).default({}),
});

/** What a local runtime that runs tells about itself. */
export type LocalCard = z.output<typeof localCard>;

/** The card of `TRUEUP_HOME` (default `.trueup` in the current folder), or null when no local runtime runs there. */
export function readLocalCard(env: NodeJS.ProcessEnv, folder: string): LocalCard | null {
  let text: string;
  try {
    text = readFileSync(join(env['TRUEUP_HOME'] || join(folder, '.trueup'), 'endpoints.json'), 'utf8');
  } catch {
    return null; // nothing runs here, which is how it is for everybody who works against a remote service
  }
  const card = localCard.safeParse(jsonOf(text));
  return card.success ? card.data : null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a runtime is just writing it
  }
}
