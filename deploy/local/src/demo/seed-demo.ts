import type { StepPrinter } from '../terminal/step-printer.js';
import { closePastPeriods } from './close-past-periods.js';
import { daysOn, demoCloseDay, demoZone } from './demo-calendar.js';
import { demoCatalogue } from './demo-catalogue.js';
import { ensureDemoConnections, findDemoConnections } from './demo-connection.js';
import { demoGuards } from './demo-decisions.js';
import { type ConnectionIds, customerFile, productFile } from './demo-mappings.js';
import type { DemoPlace } from './demo-place.js';
import type { DemoPlan } from './demo-plan.js';
import { armRefusedCreation, makeTodaysMess } from './make-todays-mess.js';

export interface DemoStage {
  readonly place: DemoPlace;
  readonly plan: DemoPlan;
  readonly printer: Pick<StepPrinter, 'step'>;
  /** Waits until nothing is in flight, at most for a bound. */
  settle(): Promise<void>;
}

/**
 * Sets up the demo MSP as a person would, over HTTP: settings, what happened, the close of the periods that were over before Trueup came,
 * connections and mappings, a look at the PSA in `observe`, then `auto`, and the mess of the day. May be repeated for the same plan.
 */
export async function seedDemo({ place, plan, printer, settle }: DemoStage): Promise<void> {
  // Once connections are there the PSA has our writes, which an interrupted seeding must not take back.
  if ((await findDemoConnections(place)).main === undefined) await place.sandbox('PUT', 'state', plan.sandbox);
  await putSettings(place, plan);
  await printer.step(`Demo: ${plan.history.length} events of 40 customers and their users are posted`, () =>
    place.post(plan.history),
  );
  await printer.step('Demo: three periods are closed', () => closePastPeriods(place, plan.calendar));
  const connections = await printer.step('Demo: customers and skus are mapped, the PSA is looked at', async () => {
    const made = await mapped(place, plan.calendar.periods[0].start);
    await settle();
    return made;
  });
  await printer.step('Demo: quantities are written, what must not be is held', async () => {
    await goLive(place, connections);
    await settle();
    await makeTodaysMess(place, plan, connections);
  });
}

async function putSettings(place: DemoPlace, { calendar }: DemoPlan): Promise<void> {
  const [first, , last, current] = calendar.periods;
  const period = { closeDay: demoCloseDay, timeZone: demoZone, graceHours: 1, liveFrom: current.start };
  await place.api('PUT', '/settings/billing-period', period);
  for (const [code, rows] of demoCatalogue(first.start, daysOn(last.start, 9)))
    await place.api('PUT', `/catalogue/services/${code}`, { rows });
  await place.api('PUT', '/guards', demoGuards);
}

async function mapped(place: DemoPlace, validFrom: string): Promise<ConnectionIds> {
  const connections = await ensureDemoConnections(place);
  // Both at once: between the one and the other everything would be told to be unmapped.
  await Promise.all([
    place.api('POST', '/mappings/import?kind=products', productFile(connections, validFrom), 'text/csv'),
    place.api('POST', '/mappings/import?kind=customers', customerFile(connections, validFrom), 'text/csv'),
  ]);
  return connections;
}

async function goLive(place: DemoPlace, { main, harbour }: ConnectionIds): Promise<void> {
  await armRefusedCreation(place);
  for (const id of [main, harbour]) await place.api('PUT', `/connections/${id}/mode`, { mode: 'auto' });
  await place.api('PATCH', `/connections/${harbour}`, { settings: { requireHand: { create: false, zero: true } } });
}
