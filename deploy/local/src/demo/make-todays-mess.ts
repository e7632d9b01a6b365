import { products } from './demo-catalogue.js';
import { demoCustomer, demoCustomers } from './demo-customers.js';
import { adoptDifference } from './demo-decisions.js';
import type { ConnectionIds } from './demo-mappings.js';
import type { DemoPlace } from './demo-place.js';
import type { DemoPlan } from './demo-plan.js';
import { contractId, contractServiceId, demoLogin } from './demo-sandbox.js';
import { stories, withoutSku } from './demo-stories.js';
import { troubles } from './demo-today.js';

/** What goes wrong on an ordinary day: in the PSA, in the catalogue, in somebody's secrets. Every code of a run log has its cause here. */
export async function makeTodaysMess(place: DemoPlace, plan: DemoPlan, connections: ConnectionIds): Promise<void> {
  const current = plan.calendar.periods[3].start;
  await adoptDifference(place, connections.main, current);
  await armPsa(place, current);
  await place.post(plan.today);
  // A person mistypes a sku: a customer that holds nothing else would be billed nothing.
  const mistyped = { planCode: null, sku: 'FAXX', validFrom: current };
  await place.api('PUT', `/catalogue/services/${products.fax.serviceCode}`, { rows: [mistyped] });
  await place.api('PUT', `/connections/${connections.trial}/secrets`, { ...demoLogin, Secret: 'mistyped' });
  // Finance has two customers looked at, one of them with a service that has no sku.
  const customerCodes = [stories.disputedSeat.customer, withoutSku];
  await place.api('POST', '/runs', { connectionId: connections.main, customerCodes });
}

/** The PSA refuses to take a new line of one customer. */
export async function armRefusedCreation(place: DemoPlace): Promise<void> {
  const { code } = demoCustomers.find(({ oddity }) => oddity === 'create-fails')!;
  await armFault(place, code, { kind: '500-before-commit', text: 'The service needs a billing code before it can be added.' });
}

async function armPsa(place: DemoPlace, current: string): Promise<void> {
  const { dateTaken, shownLate, refused, edited, posted } = troubles;
  const duplicate = 'Attempt to insert duplicate data into contract_service_period.';
  await armFault(place, dateTaken, { kind: '500-before-commit', text: duplicate });
  await armFault(place, shownLate, { kind: 'delayed-apply', seconds: 3 });
  await armFault(place, refused, { kind: '500-before-commit', text: 'The service is locked by another user.' });
  await editByHand(place, edited, 5, current);
  await place.sandbox('POST', 'post-period', { contractId: contractId(demoCustomer(posted)), periodStart: current });
}

/** The next adjustment of a customer's contract fails so. */
export async function armFault(place: DemoPlace, customer: string, fault: object): Promise<void> {
  const path = `Contracts/${contractId(demoCustomer(customer))}/ServiceAdjustments`;
  await place.sandbox('POST', 'faults', { ...fault, match: { method: 'POST', path }, count: 1 });
}

/** Somebody changes the mailboxes of a contract in the PSA itself. */
export async function editByHand(place: DemoPlace, code: string, unitChange: number, effectiveDate: string): Promise<void> {
  const customer = demoCustomer(code);
  const contractID = contractId(customer);
  const body = { contractID, contractServiceID: contractServiceId(customer, products.mail), unitChange, effectiveDate };
  const path = `/ATServicesRest/V1.0/Contracts/${contractID}/ServiceAdjustments`;
  await place.sandbox('POST', 'calls', { method: 'POST', path, body });
}
