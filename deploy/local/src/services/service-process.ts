import { join } from 'node:path';
import type { RuntimeHome } from '../home/runtime-home.js';
import { ManagedProcess } from '../processes/managed-process.js';
import type { ProcessJournal } from '../processes/process-journal.js';
import { AdminSide, type InFlight } from './admin-side.js';
import type { ServiceDefinition } from './service-catalogue.js';
import { type ProcessWatcher, SupervisedProcess } from './supervised-process.js';

export interface ServicePlan {
  readonly definition: ServiceDefinition;
  readonly replica: number;
  readonly adminPort: number;
  readonly httpPort: number | null;
  /** Read at every start: the clock's offset changes. */
  environment(): NodeJS.ProcessEnv;
}

/** One service process under supervision, with its admin side. */
export class ServiceProcess extends SupervisedProcess {
  readonly adminPort: number;
  readonly httpPort: number | null;
  private readonly admin: AdminSide;

  constructor(plan: ServicePlan, home: RuntimeHome, journal: ProcessJournal, watcher: ProcessWatcher) {
    const admin = new AdminSide(plan.adminPort);
    const { name } = plan.definition;
    super(
      {
        service: name,
        replica: plan.replica,
        launch: (more) => launch(plan, { ...plan.environment(), ...more }, home, journal),
        isReady: () => admin.isReady(),
      },
      watcher,
    );
    this.admin = admin;
    this.adminPort = plan.adminPort;
    this.httpPort = plan.httpPort;
  }

  get url(): string | null {
    return this.httpPort === null ? null : `http://127.0.0.1:${this.httpPort}`;
  }

  inFlight(): Promise<InFlight[] | null> {
    return this.pid === null ? Promise.resolve(null) : this.admin.inFlight();
  }

  /** True for a process that is down, too: it gets the offset when it starts. */
  async moveClock(offsetMs: number): Promise<boolean> {
    return this.pid === null || this.state === 'frozen' || (await this.admin.moveClock(offsetMs));
  }
}

function launch(plan: ServicePlan, env: NodeJS.ProcessEnv, home: RuntimeHome, journal: ProcessJournal): Promise<ManagedProcess> {
  const { name } = plan.definition;
  const program = join(home.repository, 'apps', name, 'dist/main.js');
  return ManagedProcess.start(
    {
      name: `${name}/${plan.replica}`,
      command: process.execPath, // the pinned Node that runs this program
      args: ['--enable-source-maps', '--disable-warning=TimeoutNegativeWarning', program],
      env,
      cwd: home.repository,
      logFile: join(home.logs, `${name}-${plan.replica}.log`),
      marker: program,
    },
    journal,
  );
}
