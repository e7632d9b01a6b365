import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { call } from './http.js';

/** What `.trueup/endpoints.json` holds while the local runtime runs. */
export interface Endpoints {
  ingestUrl: string;
  apiUrl: string;
  sandboxes: { autotask: string };
  kafkaBrokers: string;
  databaseUrl: string;
  redisUrl: string | null;
  tokens: { admin: string; events: string; control: string };
  tenantId: string;
  connections: Record<string, string>;
  adminPorts: Record<string, number[]>;
  pids: Record<string, number[]>;
  controlUrl: string;
}

export interface ProcessStatus {
  service: string;
  replica: number;
  pid: number | null;
  state: string;
}

/** Clock and processes of the local runtime. */
export interface RuntimeStatus {
  now: string;
  processes: ProcessStatus[];
  infrastructure: ProcessStatus[];
}

/** The running product, seen from outside: by its card and its control side. */
export class Runtime {
  /** `home` is the folder that TRUEUP_HOME named when it was started. */
  constructor(readonly home: string) {}

  get endpoints(): Endpoints {
    return JSON.parse(readFileSync(join(this.home, 'endpoints.json'), 'utf8')) as Endpoints;
  }

  /** Whether the card is there, which is the last thing that a start writes. */
  isUp(): boolean {
    try {
      return this.endpoints.controlUrl !== undefined;
    } catch {
      return false; // not written yet
    }
  }

  /** Kills a replica with SIGKILL; it stays down until `restart`. */
  async kill(service: string, replica = 0): Promise<void> {
    await this.signal(service, 'SIGKILL', replica);
  }

  /** Sends a signal to a replica, e.g. SIGSTOP. `service` may be `kafka`, `postgres` or `redis` too. */
  async signal(service: string, signal: string, replica = 0): Promise<void> {
    await this.#control('POST', `/processes/${service}/${replica}/signal`, { signal });
  }

  /** Starts a replica anew; `environment` (TRUEUP_...) replaces that of an earlier restart. */
  async restart(service: string, replica = 0, environment?: Readonly<Record<string, string>>): Promise<void> {
    await this.#control('POST', `/processes/${service}/${replica}/restart`, environment && { environment });
  }

  /** Waits until every service is ready: a restart answers before that when a machine is slow. */
  async allReady(withinSeconds = 180): Promise<void> {
    const until = performance.now() + withinSeconds * 1000;
    const { adminPorts } = this.endpoints;
    for (const [service, ports] of Object.entries(adminPorts)) {
      for (const port of ports) {
        while (!(await isReady(port))) {
          if (performance.now() > until) throw new Error(`${service} is not ready after ${withinSeconds} s`);
          await wait(250);
        }
      }
    }
  }

  /** Waits until nothing is in flight; fails with what still is. */
  async settled(timeoutSeconds = 60): Promise<void> {
    await this.#control('POST', '/settled', { timeoutSeconds });
  }

  async advanceClock(duration: string): Promise<void> {
    await this.#control('POST', '/clock', { advance: duration });
  }

  async status(): Promise<RuntimeStatus> {
    return this.#control('GET', '/status');
  }

  #control<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { controlUrl, tokens } = this.endpoints;
    return call<T>(method, `${controlUrl}${path}`, { token: tokens.control, body });
  }
}

/** A process that is away or still starts refuses, which is an answer here. */
async function isReady(adminPort: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${adminPort}/readyz`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
  return answer?.ok ?? false;
}
