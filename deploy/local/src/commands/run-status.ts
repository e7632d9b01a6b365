import { z } from 'zod';
import { EndpointsFile } from '../card/endpoints-file.js';
import { openHome } from '../home/runtime-home.js';
import { RuntimeClaim } from '../home/runtime-claim.js';
import type { StepPrinter } from '../terminal/step-printer.js';

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
  const status = await askStatus(endpoints.controlUrl, endpoints.tokens.control);
  for (const line of statusLines(status)) printer.line(line);
  return 0;
}

function statusLines({ now, processes, infrastructure }: z.output<typeof statusSchema>): string[] {
  const rows = [...infrastructure, ...processes].map(
    ({ service, replica, pid, state }) => `  ${`${service}/${replica}`.padEnd(24)}${state.padEnd(10)}${pid ?? '-'}`,
  );
  return [`Trueup is running; its clock says ${now}`, ...rows];
}

async function askStatus(controlUrl: string, token: string): Promise<z.output<typeof statusSchema>> {
  const answer = await fetch(`${controlUrl}/status`, { headers: { authorization: `Bearer ${token}` } });
  return statusSchema.parse(await answer.json());
}
