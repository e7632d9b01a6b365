import {
  type AgreementLineView,
  type Scene,
  type SceneCustomer,
  seats,
  setScene,
  until,
  writesOf,
} from '@trueup/testing/product';
import type { Fault, FaultRun } from '../fault.js';
import { underLoad } from '../psa/under-load.js';

const EACH = 4;
const OURS = 2;
const THEIRS = 5;
const EVENTS_PER_SECOND = 4;

/** A person works in the PSA at the very lines that we write: before our write has arrived, and after it. */
export const f16EditsByHand: Fault = {
  id: 'F16',
  title: 'a person edits a line in the PSA, between our read and our write, and after it',
  mustHold: 'every edit is reported; none is taken back, and nothing is added on top before a person decides',
  inject: (run) => underLoad(run, EVENTS_PER_SECOND, () => editLines(run)),
};

async function editLines(run: FaultRun): Promise<void> {
  const scene = await setScene(run.runtime, 'Edited by hand', { customers: 3 * EACH, settings: { settleMs: 2_000 } });
  const groups = split(scene.customers);
  await editBetween(run, scene, groups.between);
  await post(scene, scene.customers, 'first');
  await claimHeld(run, scene, groups.between, 'between read and write');
  await claimDelivered(run, scene, [...groups.after, ...groups.untouched], OURS);
  for (const { companyId, contractServiceId } of groups.after) {
    await scene.msp.sandbox.adjust(companyId, contractServiceId, THEIRS, dayOf(run, scene));
  }
  await post(scene, scene.customers, 'second');
  await claimHeld(run, scene, groups.after, 'after the write');
  await claimDelivered(run, scene, groups.untouched, 2 * OURS);
  await claimUntouched(run, scene, [...groups.between, ...groups.after]);
  run.figure('edits', 2 * EACH);
}

function split(customers: readonly SceneCustomer[]) {
  return {
    between: customers.slice(0, EACH),
    after: customers.slice(EACH, 2 * EACH),
    untouched: customers.slice(2 * EACH),
  };
}

/** The PSA refuses a second change of one day inside a period, a person's too: so the edit has a day of its own, or the month's first. */
function dayOf(run: FaultRun, { monthStart, today }: Scene): string {
  return run.random() < 0.5 ? monthStart : today;
}

async function editBetween(run: FaultRun, scene: Scene, customers: readonly SceneCustomer[]): Promise<void> {
  for (const { companyId, contractServiceId } of customers) {
    const adjustment = { contractServiceID: contractServiceId, unitChange: THEIRS, effectiveDate: dayOf(run, scene) };
    const match = { path: `/Contracts/${companyId}/ServiceAdjustments` };
    await scene.msp.sandbox.fault({ kind: 'inject', adjustment, match });
  }
}

async function post(scene: Scene, customers: readonly SceneCustomer[], prefix: string): Promise<void> {
  await scene.msp.postUntilAccepted(customers.flatMap((customer) => seats(scene, customer, OURS, prefix)));
}

async function claimHeld(run: FaultRun, scene: Scene, customers: readonly SceneCustomer[], when: string): Promise<void> {
  const accounts = new Set(customers.map(({ companyId }) => String(companyId)));
  const reported = async () => (await heldLines(scene)).filter(({ billingIdentifier }) => accounts.has(billingIdentifier)).length;
  const areReported = await until(async () => (await reported()) === customers.length, 60_000);
  run.figure(`reported_${when.split(' ')[0]}`, await reported());
  run.claim(`every edit ${when} is reported`, areReported);
}

async function heldLines({ msp, connectionId }: Scene): Promise<AgreementLineView[]> {
  const path = `/connections/${connectionId}/agreement-lines?limit=1000`;
  const { data } = await msp.api<{ data: AgreementLineView[] }>('GET', path);
  return data.filter(({ code }) => code === 'DRIFT_DETECTED');
}

async function claimDelivered(run: FaultRun, scene: Scene, customers: readonly SceneCustomer[], units: number): Promise<void> {
  const isThere = async ({ contractServiceId }: SceneCustomer) =>
    (await scene.msp.sandbox.unitsOn(contractServiceId, scene.today)) === units;
  const areThere = await until(async () => (await Promise.all(customers.map(isThere))).every(Boolean), 60_000);
  run.claim(`lines that nobody edited hold ${units} units`, areThere);
}

/** Both changes stand, ours from before the edit and theirs, and nothing else: not taken back, and nothing on top. */
async function claimUntouched(run: FaultRun, scene: Scene, customers: readonly SceneCustomer[]): Promise<void> {
  const writes = await Promise.all(customers.map((customer) => writesOf(scene, customer)));
  const units = await Promise.all(
    customers.map(({ contractServiceId }) => scene.msp.sandbox.unitsOn(contractServiceId, scene.today)),
  );
  run.claim(
    'what a person changed is neither taken back nor written over',
    units.every((each) => each === OURS + THEIRS),
  );
  run.claim(
    'no edited line is written again before a person decides',
    writes.every(({ sum }) => sum === OURS),
  );
}
