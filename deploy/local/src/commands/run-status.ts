import { z } from 'zod';
import { EndpointsFile } from '../card/endpoints-file.js';
import { openHome } from '../home/runtime-home.js';
import { RuntimeClaim } from '../home/runtime-claim.js';
import { AdminSide } from '../services/admin-side.js';
import type { StepPrinter } from '../terminal/step-printer.js';
import { type ShownProcess, statusLines } from './status-lines.js';

const processSchema = z.object({ service: z.string(), replica: z.number(), pid: z.number().nullable(), state: z.string() });
const statusSchema = z.object({ now: z.string(), processes: z.array(processSchema), infrastructure: z.array(processSchema) });

/** `npm run status`: 0 and the processes when the runtime runs, 3 when it does not (as service managers answer). */
export async function runStatus(printer: StepPrinter): Promise<number> {
  const home = openHome();
  if (new RuntimeClaim(home.root).holder() === null) {
    printer.note('Trueup is not running; npm start starts it.');
    return 3;
  }
  const endpoints = new EndpointsFile(home.root).read();
  if (endpoints === null) {
    printer.note('Trueup is starting.');
    return 0;
  }
  const { now, processes, infrastructure } = await askStatus(endpoints.controlUrl, endpoints.tokens.control);
  const shown = await Promise.all(processes.map((one) => withAdminSide(one, endpoints.adminPorts)));
  const rest = infrastructure.map((one) => ({ ...one, admin: null }));
  for (const line of statusLines(now, [...rest, ...shown])) printer.line(line);
  return 0;
}

async function withAdminSide(
  process: z.output<typeof processSchema>,
  adminPorts: Readonly<Record<string, readonly number[]>>,
): Promise<ShownProcess> {
  const port = adminPorts[process.service]?.[process.replica];
  if (port === undefined || process.pid === null) return { ...process, admin: { isReady: false, inFlight: null } };
  const side = new AdminSide(port);
  const [isReady, inFlight] = await Promise.all([side.isReady(), side.inFlight()]);
  return { ...process, admin: { isReady, inFlight } };
}

async function askStatus(controlUrl: string, token: string): Promise<z.output<typeof statusSchema>> {
  const answer = await fetch(`${controlUrl}/status`, { headers: { authorization: `Bearer ${token}` } });
  return statusSchema.parse(await answer.json());
}
