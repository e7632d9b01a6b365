import { join } from 'node:path';
import { databaseUrls } from '../infrastructure/database-roles.js';
import type { Runtime } from '../runtime.js';
import type { RuntimePorts } from '../services/runtime-ports.js';
import { findService } from '../services/service-catalogue.js';
import { chosenByCaller, serviceEnvironment, type SharedSurroundings } from '../services/service-environment.js';
import { type ServicePlan, ServiceProcess } from '../services/service-process.js';
import { StartFailure } from '../start-failure.js';
import type { InfrastructureAddresses } from './start-infrastructure.js';

type PlannedPorts = Omit<ServicePlan, 'environment'>;

/** Starts every service process and waits until all are ready. */
export async function startServices(runtime: Runtime, ports: RuntimePorts, addresses: InfrastructureAddresses): Promise<void> {
  const overridden = chosenByCaller(process.env);
  if (overridden.length > 0) runtime.printer.note(`Taken from your environment: ${overridden.join(', ')}`);
  const planned = await planPorts(runtime, ports);
  const shared = surroundings(runtime, planned, addresses);
  for (const plan of planned) {
    const replicas = runtime.options.replicasOf(plan.definition.name);
    const environment = () => serviceEnvironment(shared, { ...plan, replicas, clockOffsetMs: runtime.clock.offsetMs });
    runtime.fleet.services.push(new ServiceProcess({ ...plan, environment }, runtime.home, runtime.journal, runtime));
  }
  await startAll(runtime);
}

async function planPorts({ options }: Runtime, ports: RuntimePorts): Promise<PlannedPorts[]> {
  const planned: PlannedPorts[] = [];
  for (const name of options.only) {
    const definition = findService(name);
    for (let replica = 0; replica < options.replicasOf(name); replica += 1) {
      const { admin, http } = await ports.service(definition, replica);
      planned.push({ definition, replica, adminPort: admin, httpPort: http });
    }
  }
  return planned;
}

function surroundings(
  runtime: Runtime,
  planned: readonly PlannedPorts[],
  addresses: InfrastructureAddresses,
): SharedSurroundings {
  const urlOf = (name: string): string | null => {
    const port = planned.find((plan) => plan.definition.name === name)?.httpPort;
    return port ? `http://127.0.0.1:${port}` : null;
  };
  const { secrets, home, options } = runtime;
  const urls = { apiUrl: urlOf('api'), sandboxUrl: urlOf('psa-sandbox') };
  const { databaseUrl, ...others } = addresses;
  return {
    ...others,
    databaseUrls: databaseUrls(databaseUrl),
    ...urls,
    secrets,
    homeRoot: home.root,
    hasTestClock: options.hasTestClock,
  };
}

/** Waits for all even when one fails: a process that still starts could not be stopped. */
async function startAll(runtime: Runtime): Promise<void> {
  const starts = runtime.fleet.services.map((process) => runtime.printer.step(title(process), () => startOne(runtime, process)));
  const failed = (await Promise.allSettled(starts)).find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function startOne({ home }: Runtime, process: ServiceProcess): Promise<void> {
  await process.start();
  if (await process.whenReady(90_000, 3)) return;
  const log = join(home.logs, `${process.service}-${process.replica}.log`);
  throw new StartFailure(`${process.name} did not become ready; ${log} says why.`);
}

function title(process: ServiceProcess): string {
  return `${process.name} is ready${process.url === null ? '' : ` on ${process.url}`}`;
}
