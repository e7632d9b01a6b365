import { randomUUID } from 'node:crypto';

/** A CloudEvent as an upstream system posts it. */
export interface CloudEvent {
  specversion: '1.0';
  id: string;
  source: string;
  type: string;
  time: string;
  subject: string;
  data: Record<string, unknown>;
  actorid?: string;
  actorname?: string;
  actorkind?: string;
}

/** An event of the customer `subject` at `time`, by a person of the service desk. */
export function event(type: string, subject: string, time: string, data: Record<string, unknown>): CloudEvent {
  return {
    specversion: '1.0',
    id: randomUUID(),
    source: 'urn:e2e:provisioning',
    type: `trueup.${type}.v1`,
    time,
    subject,
    data,
    actorid: 'desk-7',
    actorname: 'Dana Desk',
    actorkind: 'person',
  };
}

export const assigned = (customer: string, user: string, service: string, time: string): CloudEvent =>
  event('user.service.assigned', customer, time, { userCode: user, serviceCode: service, serviceName: `Service ${service}` });

export const removed = (customer: string, user: string, service: string, time: string): CloudEvent =>
  event('user.service.removed', customer, time, { userCode: user, serviceCode: service });
