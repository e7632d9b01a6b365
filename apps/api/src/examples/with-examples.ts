import type { OpenAPIObject } from '@nestjs/swagger';
import recorded from './recorded.json' with { type: 'json' };

/** One call of an operation as it was recorded: what was sent and what came back. */
export interface RecordedExample {
  /** Values of path and query parameters. */
  parameters: Record<string, string>;
  body?: unknown;
  status: number;
  /** JSON or text; absent where there is none, or bytes that nobody reads. */
  answer?: unknown;
}

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string; example?: unknown }[];
  requestBody?: { content: Record<string, { example?: unknown }> };
  responses: Record<string, { content?: Record<string, { example?: unknown }> }>;
}

/** The document with one example for each operation: those that the specs perform against a real API. */
export function withExamples(document: OpenAPIObject): OpenAPIObject {
  const examples = recorded as Record<string, RecordedExample | undefined>;
  for (const item of Object.values(document.paths)) {
    for (const operation of Object.values(item) as Operation[]) {
      const example = examples[operation.operationId];
      if (example) addExample(operation, example);
    }
  }
  return document;
}

function addExample({ parameters = [], requestBody, responses }: Operation, { body, status, answer, ...sent }: RecordedExample) {
  for (const parameter of parameters) {
    const value = parameter.in === 'header' ? undefined : sent.parameters[parameter.name];
    if (value !== undefined) parameter.example = value;
  }
  const taken = Object.values(requestBody?.content ?? {})[0];
  if (taken && body !== undefined) taken.example = body;
  const given = Object.values(responses[String(status)]?.content ?? {})[0];
  if (given && answer !== undefined) given.example = answer;
}
