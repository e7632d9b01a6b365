import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as OTLP's JSON tells it. */
interface Sent {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] };
    scopeSpans: { spans: { traceId: string; name: string; links?: { traceId: string }[] }[] }[];
  }[];
}

/** What a test asks for: which service took part in a trace, itself or as one of many in a batch. */
export interface SeenSpan {
  service: string;
  name: string;
  traceIds: string[];
}

/** Receives spans by OTLP over HTTP (`POST /v1/traces`) and tells them again (`GET /spans?traceId=`). */
export async function startTraceReceiver(): Promise<{ url: string; stop(): Promise<void> }> {
  const seen: SeenSpan[] = [];
  const answer = async (request: IncomingMessage): Promise<unknown> => {
    if (request.method === 'POST') return { kept: seen.push(...spansOf(JSON.parse(await bodyOf(request)) as Sent)) };
    const traceId = new URL(request.url ?? '/', 'http://receiver').searchParams.get('traceId');
    return seen.filter((span) => span.traceIds.includes(traceId ?? ''));
  };
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    void answer(request).then((told) => response.end(JSON.stringify(told)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}

function spansOf({ resourceSpans }: Sent): SeenSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
    const spans = scopeSpans.flatMap((scope) => scope.spans);
    return spans.map(({ traceId, name, links }) => ({
      service,
      name,
      traceIds: [traceId, ...(links ?? []).map((link) => link.traceId)],
    }));
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
