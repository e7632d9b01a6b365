import type { ServiceProcess } from './service-process.js';
import type { SupervisedProcess } from './supervised-process.js';

/** All processes of the runtime. */
export class Fleet {
  readonly infrastructure: SupervisedProcess[] = [];
  readonly services: ServiceProcess[] = [];

  get all(): SupervisedProcess[] {
    return [...this.services, ...this.infrastructure];
  }

  /** The first replica's address of a service, or null when it was left out. */
  urlOf(service: string): string | null {
    return this.services.find((process) => process.service === service)?.url ?? null;
  }

  /** Moves every service's clock; answers the names of those that did not obey. */
  async moveClocks(offsetMs: number): Promise<string[]> {
    const results = await Promise.all(
      this.services.map(async (process) => ((await process.moveClock(offsetMs)) ? [] : [process.name])),
    );
    return results.flat();
  }

  /** Services first, all at once; then what they need: Redis, Kafka, PostgreSQL. */
  async stop(): Promise<void> {
    await Promise.all(this.services.map((process) => process.stop()));
    for (const name of ['redis', 'kafka', 'postgres']) {
      const processes = this.infrastructure.filter(({ service }) => service === name);
      await Promise.all(processes.map((process) => process.stop()));
    }
  }

  portsBy(): Record<string, number[]> {
    return this.byService((process) => [process.adminPort]);
  }

  pidsBy(): Record<string, number[]> {
    return this.byService((process) => (process.pid === null ? [] : [process.pid]));
  }

  private byService(values: (process: ServiceProcess) => number[]): Record<string, number[]> {
    const result: Record<string, number[]> = {};
    for (const process of this.services) result[process.service] = [...(result[process.service] ?? []), ...values(process)];
    return result;
  }
}
