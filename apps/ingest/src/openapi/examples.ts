const event = {
  specversion: '1.0',
  id: 'portal-4711',
  source: 'urn:my-portal',
  type: 'trueup.user.service.assigned.v1',
  time: '2026-03-02T08:01:00Z',
  subject: 'corner-bakery',
  actorid: 'u-17',
  actorname: 'Zoë Park',
  actorkind: 'person',
};
const data = { userCode: 'lee', serviceCode: 'mail', serviceName: 'Business Mail' };
const single = { ...event, data };
const second = { ...single, id: 'portal-4712', data: { ...data, userCode: 'kim' } };
const faulty = { ...single, id: 'portal-4713', data: { serviceCode: 'mail', serviceName: 'Business Mail' } };

/** A request as the document shows it, with the status that it gets. */
export interface RequestExample {
  contentType: string;
  name: string;
  summary: string;
  body: unknown;
  headers?: Record<string, string>;
  query?: string;
  status: number;
}

/** Examples of `POST /v1/events`; each is sent by a test. */
export const requestExamples: RequestExample[] = [
  { contentType: 'application/cloudevents+json', name: 'one', summary: 'One event', body: single, status: 202 },
  {
    contentType: 'application/cloudevents+json',
    name: 'faulty',
    summary: 'One event without a user: 422',
    body: faulty,
    status: 422,
  },
  {
    contentType: 'application/cloudevents-batch+json',
    name: 'batch',
    summary: 'Two events',
    body: [single, second],
    status: 202,
  },
  {
    contentType: 'application/cloudevents-batch+json',
    name: 'mixed',
    summary: 'Two sound events and a faulty one: 207',
    body: [single, second, faulty],
    status: 207,
  },
  {
    contentType: 'application/cloudevents-batch+json',
    name: 'atomic',
    summary: 'The same with ?atomic=true: 422, nothing is taken',
    body: [single, second, faulty],
    query: '?atomic=true',
    status: 422,
  },
  {
    contentType: 'application/json',
    name: 'binary',
    summary: 'Binary mode: the attributes are ce-* headers, percent-encoded; the body is the data',
    body: data,
    headers: Object.fromEntries(Object.entries(event).map(([name, value]) => [`ce-${name}`, encodeURIComponent(value)])),
    status: 202,
  },
];
