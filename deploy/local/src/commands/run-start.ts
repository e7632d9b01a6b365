import { once } from 'node:events';
import { cardText } from '../card/card-text.js';
import { EndpointsFile, type Endpoints } from '../card/endpoints-file.js';
import { ControlServer } from '../control/control-server.js';
import { controlRoutes } from '../control/control-routes.js';
import { demoExample } from '../demo/demo-example.js';
import { demoCardStories } from '../demo/demo-card-stories.js';
import { DemoRecordFile } from '../demo/demo-record.js';
import { openHome, type RuntimeHome } from '../home/runtime-home.js';
import { RuntimeClaim } from '../home/runtime-claim.js';
import { endLeftovers } from '../processes/end-leftovers.js';
import { Runtime } from '../runtime.js';
import { parsePortBase, RuntimePorts } from '../services/runtime-ports.js';
import type { StepPrinter } from '../terminal/step-printer.js';
import { createTopics } from './create-topics.js';
import { describeEndpoints } from './describe-endpoints.js';
import { parseStartOptions } from './start-options.js';
import { startInfrastructure } from './start-infrastructure.js';
import { startServices } from './start-services.js';
import { stopRequested } from './stop-requested.js';

/** `npm start`: brings everything up, prints the card, and stays until it is asked to stop. Answers the exit code. */
export async function runStart(args: readonly string[], printer: StepPrinter): Promise<number> {
  const options = parseStartOptions(args);
  const portBase = parsePortBase(process.env['TRUEUP_PORT_BASE']);
  const home = openHome();
  const claim = new RuntimeClaim(home.root);
  if (!claim.take()) return sayThatItRuns(home, claim, printer);
  const stop = stopRequested();
  const runtime = new Runtime(home, options, printer);
  try {
    const ports = new RuntimePorts(portBase, (port) =>
      printer.note(`Port ${port.wanted} is in use: ${port.purpose} listens on ${port.given}`),
    );
    await Promise.race([bringUp(runtime, ports), once(stop, 'abort')]);
    if (!stop.aborted) await once(stop, 'abort');
    return 0;
  } finally {
    await printer.step('Everything is stopped', () => runtime.stop());
    claim.release();
  }
}

async function bringUp(runtime: Runtime, ports: RuntimePorts): Promise<void> {
  const { printer, journal, home } = runtime;
  const ended = await endLeftovers(journal);
  if (ended.length > 0) printer.note(`Ended what an earlier runtime left behind: ${ended.join(', ')}`);
  const addresses = await startInfrastructure(runtime, ports);
  await printer.step('Topics are there', () => createTopics(addresses.kafkaBrokers));
  await startServices(runtime, ports, addresses);
  const controlUrl = await openControl(runtime, await ports.control());
  const endpoints = runtime.publish(await describeEndpoints(runtime, addresses, controlUrl));
  printCard(printer, endpoints, home, runtime.clock.now());
}

async function openControl(runtime: Runtime, port: number): Promise<string> {
  const { fleet, clock, options, secrets, printer } = runtime;
  const routes = controlRoutes({ fleet, clock, hasTestClock: options.hasTestClock });
  const server = new ControlServer(secrets.controlToken, routes, (error) => printer.failure(`Control side: ${String(error)}`));
  await server.listen(port);
  runtime.holdControl(server);
  return `http://127.0.0.1:${port}`;
}

function sayThatItRuns(home: RuntimeHome, claim: RuntimeClaim, printer: StepPrinter): number {
  const endpoints = new EndpointsFile(home.root).read();
  const doing = endpoints === null ? 'is starting' : 'is running already';
  printer.note(`Trueup ${doing} (process ${claim.holder() ?? 'unknown'}, ${home.root}); npm run stop ends it.`);
  if (endpoints !== null) printCard(printer, endpoints, home, new Date());
  return 0;
}

function printCard(printer: StepPrinter, endpoints: Endpoints, home: RuntimeHome, now: Date): void {
  const { path } = new EndpointsFile(home.root);
  const paint: StepPrinter['paint'] = (text, style) => printer.paint(text, style);
  printer.line();
  printer.line(cardText(endpoints, { example: demoExample(endpoints.tenantId), stories: storiesOf(home), paint, now, path }));
}

function storiesOf(home: RuntimeHome) {
  const record = new DemoRecordFile(home.root).read();
  return record === null ? [] : demoCardStories(new Date(record.plannedAt));
}
