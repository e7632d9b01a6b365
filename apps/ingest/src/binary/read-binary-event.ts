import { type FieldError, pointerOf } from '@trueup/contracts';
import { readJson } from '../json/read-json.js';
import { readHeaderText } from './read-header-text.js';

/** An event whose attributes came as headers, as the structured form would have shown it. */
export interface BinaryEvent {
  input: Record<string, unknown>;
  faults: FieldError[];
}

const PREFIX = 'ce-';
/** These travel as the body and as Content-Type. */
const NOT_AS_HEADER = new Set(['data', 'datacontenttype']);

/** Whether any header is an attribute of an event. */
export function hasEventHeaders(headers: object): boolean {
  for (const name in headers) if (name.startsWith(PREFIX)) return true;
  return false;
}

/** Reads an event in binary mode; undefined when its body is no JSON. An empty body is an event without data. */
export function readBinaryEvent(rawHeaders: readonly string[], body: Buffer): BinaryEvent | undefined {
  const event = readAttributes(rawHeaders);
  if (body.length === 0) return event;
  const data = readJson(body, -1);
  if (data === undefined) return undefined;
  event.input['data'] = data.value;
  event.faults.push(...data.faults.map(({ pointer, detail }) => ({ pointer: `/data${pointer}`, detail })));
  return event;
}

function readAttributes(rawHeaders: readonly string[]): BinaryEvent {
  // Without a prototype a header may have any name.
  const event: BinaryEvent = { input: Object.create(null) as Record<string, unknown>, faults: [] };
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const header = rawHeaders[at]!.toLowerCase();
    if (header.startsWith(PREFIX)) readAttribute(event, header.slice(PREFIX.length), rawHeaders[at + 1]!);
  }
  return event;
}

function readAttribute({ input, faults }: BinaryEvent, name: string, value: string): void {
  const text = readHeaderText(value);
  const fault = faultOf(input, name, text);
  if (fault) faults.push({ pointer: pointerOf([name]), detail: fault });
  else input[name] = text;
}

function faultOf(input: Record<string, unknown>, name: string, text: string | null): string | null {
  if (NOT_AS_HEADER.has(name)) return 'Travels as the body and its Content-Type, not as a header';
  if (name in input) return 'Must be given once';
  return text === null ? 'Must be printable ASCII, other characters percent-encoded as UTF-8' : null;
}
