import type { Endpoints } from './endpoints-file.js';

/** Example values of the ready curl lines. */
export interface CardExample {
  readonly customerCode: string;
  readonly serviceCode: string;
  readonly serviceName: string;
  readonly lineKey: string | null;
}

/** A prepared story of the demo: what it is about, and the path of the api that shows it. */
export interface CardStory {
  readonly title: string;
  readonly path: string;
}

type Paint = (text: string, style: 'bold' | 'dim') => string;

/** The card that ends a start: addresses, the token, and three things to do next. */
export function cardText(
  endpoints: Endpoints,
  o: { example: CardExample; stories?: readonly CardStory[]; paint: Paint; now: Date; path: string },
): string {
  const { example, stories = [], paint, now, path } = o;
  const told = storyLines(endpoints, stories, paint);
  return [...addresses(endpoints, paint), '', ...nextSteps(endpoints, example, paint, now), ...told, '', hints(path, paint)].join(
    '\n',
  );
}

function storyLines({ apiUrl, tokens }: Endpoints, stories: readonly CardStory[], paint: Paint): string[] {
  if (apiUrl === null || stories.length === 0) return [];
  const lines = stories.flatMap(({ title, path }) => [
    `  - ${paint(title, 'bold')}`,
    `     curl -s '${apiUrl}/v1${path}' -H 'Authorization: Bearer ${tokens.admin}'`,
  ]);
  return ['', '  Four things that happened at the demo MSP:', ...lines];
}

function addresses(endpoints: Endpoints, paint: Paint): string[] {
  const rows: [string, string | null][] = [
    ['API', endpoints.apiUrl],
    ['Events', endpoints.ingestUrl && `${endpoints.ingestUrl}/v1/events`],
    ...Object.entries(endpoints.sandboxes).map(([kind, url]): [string, string] => [`Sandbox ${kind}`, url]),
    ['Kafka', endpoints.kafkaBrokers],
    ['PostgreSQL', endpoints.databaseUrl],
    ['Redis', endpoints.redisUrl],
    ['Control side', endpoints.controlUrl],
    ['Admin token', endpoints.tokens.admin],
    ['Events token', endpoints.tokens.events],
    ['Tenant', endpoints.tenantId],
  ];
  return rows.filter(([, value]) => value !== null).map(([name, value]) => `  ${paint(name.padEnd(18), 'bold')}${value}`);
}

function nextSteps({ ingestUrl, apiUrl, sandboxes, tokens }: Endpoints, example: CardExample, paint: Paint, now: Date): string[] {
  const bearer = `-H 'Authorization: Bearer ${tokens.admin}'`;
  const sender = `-H 'Authorization: Bearer ${tokens.events}'`;
  const lines = `${apiUrl}/v1/lines?customer=${example.customerCode}`;
  const post = `curl -s ${ingestUrl}/v1/events ${sender} -H 'Content-Type: application/cloudevents+json' -d '${sampleEvent(example, now)}'`;
  const look = `curl -s '${lines}' ${bearer}`;
  const explain = `curl -s ${apiUrl}/v1/lines/${example.lineKey ?? '<lineKey>'}/explain ${bearer}`;
  const effects = Object.values(sandboxes).flatMap((url) => [
    `curl -s ${url}/_sandbox/effects`,
    `or watch ${url}/_sandbox/ in a browser`,
  ]);
  const steps: [string, string[]][] = [
    ['Post one event and watch the number move:', ingestUrl && apiUrl ? [post, look] : []],
    ['Ask a line why it has its number:', apiUrl ? [explain] : []],
    ['See what reached the PSA (the sandbox keeps every effect):', effects],
  ];
  const possible = steps.filter(([, commands]) => commands.length > 0);
  return possible.flatMap(([title, commands], index) => [
    `  ${index + 1}. ${paint(title, 'bold')}`,
    ...commands.map((line) => `     ${line}`),
  ]);
}

function sampleEvent(example: CardExample, now: Date): string {
  return JSON.stringify({
    specversion: '1.0',
    id: `try-${now.getTime()}`,
    source: 'urn:try',
    type: 'trueup.user.service.assigned.v1',
    time: now.toISOString(),
    subject: example.customerCode,
    actorname: 'You',
    actorkind: 'person',
    data: { userCode: `try-${now.getTime()}`, serviceCode: example.serviceCode, serviceName: example.serviceName },
  });
}

function hints(path: string, paint: Paint): string {
  const sentence = `Ctrl-C or npm run stop ends everything; npm run status shows the processes; ${path} is this card for scripts.`;
  return `  ${paint(sentence, 'dim')}`;
}
