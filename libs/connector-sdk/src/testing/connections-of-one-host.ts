import { OpenConnection } from '../deliver/open-connection.js';
import { HostGate } from '../http/host-gate.js';
import { HostGuard } from '../http/host-guard.js';
import { NoAnswer } from '../http/http-answer.js';
import { LocalBudget } from '../http/local-budget.js';
import type { SharedRest } from '../http/shared-rest.js';
import type { Connector } from '../connector/connector.js';
import { MemoryLedger } from '../ledger/memory-ledger.js';
import { PACE } from './ledger-under-test.js';
import { startScriptedBench, type ScriptedBench } from './scripted-bench.js';
import { scriptedConnector, scriptedManifest } from './scripted-connector.js';

/** One process with several connections to one scripted PSA. */
export class ConnectionsOfOneHost {
  readonly gate: HostGate;
  readonly opens: OpenConnection[];
  readonly #guard = new HostGuard({ hosts: [], testHosts: ['127.0.0.1'] });

  constructor(scripted: ScriptedBench, ids: readonly string[], options: { restMs: number; rest?: SharedRest }) {
    const { restMs, rest } = options;
    this.gate = new HostGate({ restMs });
    const budget = new LocalBudget({ limits: [], concurrency: 4, share: 1, nowMs: () => performance.now() });
    const parts = {
      ...{ connector: scriptedConnector as Connector, manifest: scriptedManifest, guard: this.#guard, budget },
      ...{ gate: this.gate, rest, circuit: { restMs }, now: () => scripted.bench.now },
    };
    this.opens = ids.map((id) => new OpenConnection({ ...scripted.bench.connection, id }, parts));
  }

  /** What a read comes to: `ok`, or why there was no answer. */
  async read(open: OpenConnection): Promise<string> {
    try {
      await open.psa.query('read', { ids: [] });
      return 'ok';
    } catch (error) {
      return error instanceof NoAnswer ? error.fault : 'failed';
    }
  }

  async stop(): Promise<void> {
    for (const open of this.opens) open.stop();
    await this.#guard.stop();
  }
}

export function startScriptedPsa(): Promise<ScriptedBench> {
  return startScriptedBench(new MemoryLedger(PACE));
}
