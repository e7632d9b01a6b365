import { demoCustomers, type DemoHolding, demoHoldings, demoUsers } from './demo-msp.js';

/** A CloudEvent as it is posted to ingest. */
export interface DemoEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly subject: string;
  readonly actorid: string;
  readonly actorname: string;
  readonly actorkind: 'person' | 'script';
  readonly data: Readonly<Record<string, unknown>>;
}

const dayMs = 86_400_000;
const desk = { actorid: 'desk.kim', actorname: 'Kim at the service desk', actorkind: 'person' } as const;
const script = { actorid: 'onboarding', actorname: 'Onboarding script', actorkind: 'script' } as const;

/** Everything that has happened at the demo MSP: the same events for the same instant, none of them ahead of it. */
export function demoEvents(now: Date): DemoEvent[] {
  const periodStart = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
  const before = (days: number): string => new Date(periodStart - days * dayMs).toISOString();
  const customers = demoCustomers.map(({ code, name }) =>
    event(`customer-${code}`, 'customer.created', before(70), code, script, { name }),
  );
  const users = demoUsers.map(({ code, name, customer }, index) =>
    event(`user-${code}`, 'user.created', before(60 - (index % 10)), customer.code, script, { userCode: code, name }),
  );
  const timeOf = ({ beganAt }: DemoHolding, index: number): string =>
    beganAt === null ? before(40 - (index % 20)) : new Date(periodStart + beganAt * (now.getTime() - periodStart)).toISOString();
  return [...customers, ...users, ...demoHoldings.map((holding, index) => assigned(holding, timeOf(holding, index)))];
}

function assigned(holding: DemoHolding, time: string): DemoEvent {
  const { customer, product, userCode, quantity, beganAt } = holding;
  const { serviceCode, serviceName, planCode, planName } = product;
  const data = {
    ...(userCode === null ? { quantity: String(quantity) } : { userCode }),
    serviceCode,
    serviceName,
    ...(planCode !== null && { planCode, planName }),
  };
  const type = userCode === null ? 'customer.service.assigned' : 'user.service.assigned';
  const id = `${customer.code}-${userCode ?? 'itself'}-${product.sku}`.toLowerCase();
  return event(id, type, time, customer.code, beganAt === null ? script : desk, data);
}

function event(
  id: string,
  type: string,
  time: string,
  subject: string,
  actor: typeof desk | typeof script,
  data: DemoEvent['data'],
): DemoEvent {
  return { specversion: '1.0', id, source: 'urn:trueup:demo', type: `trueup.${type}.v1`, time, subject, ...actor, data };
}
