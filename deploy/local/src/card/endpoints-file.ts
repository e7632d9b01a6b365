import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writePrivateFile } from '../home/write-private-file.js';

const endpointsSchema = z.object({
  ingestUrl: z.string().nullable(),
  apiUrl: z.string().nullable(),
  /** Kind of PSA → base URL of its sandbox. */
  sandboxes: z.record(z.string(), z.string()),
  /** host:port, several separated by commas. */
  kafkaBrokers: z.string(),
  databaseUrl: z.string(),
  redisUrl: z.string().nullable(),
  tokens: z.object({ admin: z.string(), events: z.string(), control: z.string() }),
  tenantId: z.string().nullable(),
  /** Kind of PSA → id of the connection that the demo made. */
  connections: z.record(z.string(), z.string()),
  adminPorts: z.record(z.string(), z.array(z.number())),
  /** Only processes that run; a restart changes them. */
  pids: z.record(z.string(), z.array(z.number())),
  controlUrl: z.string(),
});

/** The card for scripts. Addresses of services that were left out (`--only`) are null or absent. */
export type Endpoints = z.output<typeof endpointsSchema>;

/** `endpoints.json` (mode 0600) of a home: there while the runtime runs, and only then. */
export class EndpointsFile {
  readonly path: string;

  constructor(root: string) {
    this.path = join(root, 'endpoints.json');
  }

  write(endpoints: Endpoints): void {
    writePrivateFile(this.path, `${JSON.stringify(endpoints, null, 2)}\n`);
  }

  /** Null when there is none, or none that can be read. */
  read(): Endpoints | null {
    try {
      return endpointsSchema.parse(JSON.parse(readFileSync(this.path, 'utf8')));
    } catch {
      return null; // a runtime that is still starting has not written it yet
    }
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }
}
