import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import {
  databaseUrl,
  type ManagedProcess,
  openHome,
  PortChooser,
  ProcessJournal,
  redisBinary,
  removeOutsidePlace,
  type RuntimeHome,
  startKafka,
  startPostgres,
  startRedis,
} from '@trueup/local-runtime';
import type { HarnessPart, HarnessParts } from './harness-server.js';
import { endAbandonedTestHomes, newTestHome } from './test-homes.js';

/** The real servers of the local runtime in a temporary home; downloads are shared with `npm start`. */
export class LocalParts implements HarnessParts {
  private readonly running: ManagedProcess[] = [];
  private readonly home: RuntimeHome;
  private readonly journal: ProcessJournal;
  // Any base will do; a random one keeps parallel runs from racing for the same ports.
  private readonly ports = new PortChooser(() => undefined);
  private readonly swept = endAbandonedTestHomes();
  private readonly portBase = 20_000 + Math.floor(Math.random() * 10_000);

  constructor() {
    const root = newTestHome();
    this.home = openHome({ ...process.env, TRUEUP_HOME: root });
    this.journal = new ProcessJournal(root);
  }

  async start(part: HarnessPart): Promise<string | null> {
    await this.swept;
    if (part === 'kafka') return this.kafka();
    return part === 'postgres' ? this.postgres() : this.redis();
  }

  async stop(): Promise<void> {
    await Promise.all(this.running.map((process) => process.stop()));
    await removeOutsidePlace(this.home.root);
    await rm(this.home.root, { recursive: true, force: true });
  }

  private async kafka(): Promise<string> {
    const brokerPort = await this.port('kafka');
    const controllerPort = await this.port('kafka controller');
    this.running.push(await startKafka(this.home, this.journal, { brokerPort, controllerPort, extraListeners: [] }));
    return `127.0.0.1:${brokerPort}`;
  }

  private async postgres(): Promise<string> {
    const access = { port: await this.port('postgres'), password: randomBytes(18).toString('base64url') };
    this.running.push(await startPostgres(this.home, this.journal, access));
    return databaseUrl(access);
  }

  private async redis(): Promise<string | null> {
    const command = await redisBinary(this.home.cache);
    if (command === null) return null;
    const port = await this.port('redis');
    this.running.push(await startRedis(this.home, this.journal, command, port));
    return `redis://127.0.0.1:${port}`;
  }

  private port(purpose: string): Promise<number> {
    return this.ports.choose(this.portBase, purpose);
  }
}
