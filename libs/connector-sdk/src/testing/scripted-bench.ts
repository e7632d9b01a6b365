import type { Connector } from '../connector/connector.js';
import type { Ledger } from '../ledger/ledger.js';
import { Bench } from './bench.js';
import { scriptedConnector, scriptedManifest } from './scripted-connector.js';
import { ScriptedPsa } from './scripted-psa.js';

/** A bench whose PSA is scripted. */
export interface ScriptedBench {
  bench: Bench;
  psa: ScriptedPsa;
  stop(): Promise<void>;
}

export async function startScriptedBench(ledger: Ledger, connectionId?: string): Promise<ScriptedBench> {
  const psa = new ScriptedPsa();
  const baseUrl = await psa.start();
  const connector = scriptedConnector as Connector;
  const bench = new Bench({ ledger, connector, manifest: scriptedManifest, baseUrl, secrets: { key: 'k' }, connectionId });
  const stop = async (): Promise<void> => {
    await bench.stop();
    await psa.stop();
  };
  return { bench, psa, stop };
}
