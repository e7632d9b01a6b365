import type { IncomingMessage } from 'node:http';
import { fieldErrorsOf } from '@trueup/contracts';
import type { z } from 'zod';
import { ControlProblem } from './control-problem.js';

const maxBytes = 64 * 1024;

/** Reads a JSON body by a schema (an empty one counts as {}); throws ControlProblem with the pointers of what is wrong. */
export async function readBody<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const result = schema.safeParse(parseJson(await readText(request)));
  if (result.success) return result.data;
  throw new ControlProblem('validation-failed', { errors: fieldErrorsOf(result.error) });
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new ControlProblem('too-large', { detail: `At most ${maxBytes} bytes` });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ControlProblem('malformed-body', { detail: `Not JSON: ${(error as Error).message}` });
  }
}
