import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { EndpointsFile, type Endpoints } from './card/endpoints-file.js';
import { loadSecrets, type RuntimeSecrets } from './card/runtime-secrets.js';
import type { StartOptions } from './commands/start-options.js';
import { ControlServer } from './control/control-server.js';
import { RuntimeClock } from './control/runtime-clock.js';
import type { RuntimeHome } from './home/runtime-home.js';
import { ProcessJournal } from './processes/process-journal.js';
import { Fleet } from './services/fleet.js';
import type { ProcessWatcher } from './services/supervised-process.js';
import type { StepPrinter } from './terminal/step-printer.js';

/** Everything that one running runtime holds; the start steps fill it, `stop` empties it. */
export class Runtime implements ProcessWatcher {
  readonly clock = new RuntimeClock();
  readonly fleet = new Fleet();
  readonly journal: ProcessJournal;
  readonly secrets: RuntimeSecrets;
  private readonly endpointsFile: EndpointsFile;
  private endpoints: Omit<Endpoints, 'pids'> | null = null;
  private controlServer: ControlServer | null = null;
  isStopping = false;

  constructor(
    readonly home: RuntimeHome,
    readonly options: StartOptions,
    readonly printer: StepPrinter,
  ) {
    this.journal = new ProcessJournal(home.root);
    this.secrets = loadSecrets(home.root);
    this.endpointsFile = new EndpointsFile(home.root);
  }

  /** Writes the card for scripts, and again whenever a pid changes. */
  publish(endpoints: Omit<Endpoints, 'pids'>): Endpoints {
    this.endpoints = endpoints;
    this.onChange();
    return { ...endpoints, pids: this.fleet.pidsBy() };
  }

  holdControl(server: ControlServer): void {
    this.controlServer = server;
  }

  onChange(): void {
    if (this.endpoints === null || this.isStopping) return;
    this.endpointsFile.write({ ...this.endpoints, pids: this.fleet.pidsBy() });
  }

  /** Says it on the terminal and in runtime.log, for those who come later. */
  say(sentence: string): void {
    if (this.isStopping) return;
    this.printer.note(sentence);
    appendFileSync(join(this.home.logs, 'runtime.log'), `${new Date().toISOString()} ${sentence}\n`, { mode: 0o600 });
  }

  /** Ends everything in order; nothing of the runtime runs afterwards. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.endpointsFile.remove();
    await this.controlServer?.close();
    await this.fleet.stop();
  }
}
