import 'reflect-metadata';
import { runService } from '@trueup/service';
import type { ConnectionSettings } from '@trueup/contracts';
import type { Connector } from '../connector/connector.js';
import { readManifest } from '../connector/manifest.js';
import { connectorConfig } from './connector-config.js';
import { startConnector } from './start-connector.js';

/** The whole main of a connector: `await runConnector(connector, new URL('../connector.manifest.json', import.meta.url))`. */
export function runConnector<L, H, S extends ConnectionSettings>(
  connector: Connector<L, H, S>,
  manifestFile: URL,
): Promise<void> {
  const manifest = readManifest(manifestFile);
  return runService({
    name: `connector-${manifest.id}`,
    config: connectorConfig,
    start: (context) => startConnector(connector as unknown as Connector, manifest, context),
  });
}
