import { readFileSync } from 'node:fs';
import { type ConnectorManifest, connectorManifest } from '@trueup/contracts';

/** What a connector states about its PSA besides code; public, because the operator's tools read it too. */
export const manifestSchema = connectorManifest;

export type Manifest = ConnectorManifest;

/** Reads and checks a manifest file. Throws a ZodError that names every problem. */
export function readManifest(file: URL): Manifest {
  return manifestSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}
