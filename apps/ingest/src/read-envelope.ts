import type { FieldError } from '@trueup/contracts';
import { readBinaryEvent } from './binary/read-binary-event.js';
import type { ContentMode } from './content-mode.js';
import { ingestLimits } from './ingest-limits.js';
import { refuse, type Refusal } from './ingest-problem.js';
import { isLargerThan } from './json/is-larger-than.js';
import { readJson } from './json/read-json.js';

/** The events of one request, not yet judged; by index what is already wrong with their text. */
export interface Envelope {
  inputs: unknown[];
  faults: ReadonlyMap<number, FieldError[]>;
}

const NO_FAULTS: ReadonlyMap<number, FieldError[]> = new Map();

/** The events of a request, or why the whole request is refused. */
export function readEnvelope(mode: ContentMode, rawHeaders: readonly string[], body: Buffer): Envelope | Refusal {
  if (mode === 'batch') return readBatch(body);
  if (body.length > ingestLimits.maxEventBytes) return tooLarge(`One event may have at most ${ingestLimits.maxEventBytes} bytes`);
  return mode === 'binary' ? readBinary(rawHeaders, body) : readSingle(body);
}

function readBatch(body: Buffer): Envelope | Refusal {
  const read = readJson(body, 1);
  if (read === undefined) return notJson();
  const { value, faults } = read;
  if (!Array.isArray(value)) return malformed('A batch must be a JSON array of events');
  if (value.length === 0) return malformed(`A batch must hold 1 to ${ingestLimits.maxEvents} events`);
  if (value.length > ingestLimits.maxEvents)
    return tooLarge(`A batch may hold at most ${ingestLimits.maxEvents} events; send several`);
  return { inputs: value, faults: faultsByIndex([...faults, ...largeEvents(value, body.length)]) };
}

function readSingle(body: Buffer): Envelope | Refusal {
  const read = readJson(body);
  if (read === undefined) return notJson();
  const { value, faults } = read;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return malformed('One event must be a JSON object; send arrays as application/cloudevents-batch+json');
  }
  return { inputs: [value], faults: faultsOfOne(faults) };
}

function readBinary(rawHeaders: readonly string[], body: Buffer): Envelope | Refusal {
  const read = readBinaryEvent(rawHeaders, body);
  return read === undefined ? notJson() : { inputs: [read.input], faults: faultsOfOne(read.faults) };
}

function largeEvents(events: readonly unknown[], bodyBytes: number): FieldError[] {
  const { maxEventBytes } = ingestLimits;
  if (bodyBytes <= maxEventBytes) return [];
  return events.flatMap((event, index) =>
    isLargerThan(maxEventBytes, event) ? [{ pointer: `/${index}`, detail: `Must have at most ${maxEventBytes} bytes` }] : [],
  );
}

function faultsOfOne(faults: FieldError[]): Envelope['faults'] {
  return faults.length === 0 ? NO_FAULTS : new Map([[0, faults]]);
}

/** Pointers into the batch become pointers into its events. */
function faultsByIndex(faults: readonly FieldError[]): Envelope['faults'] {
  if (faults.length === 0) return NO_FAULTS;
  const found = new Map<number, FieldError[]>();
  for (const { pointer, detail } of faults) {
    const [, index, ...rest] = pointer.split('/');
    const list = found.get(Number(index)) ?? [];
    found.set(Number(index), [...list, { pointer: rest.map((part) => `/${part}`).join(''), detail }]);
  }
  return found;
}

function notJson(): Refusal {
  return refuse('malformed-body', 'The body must be JSON in UTF-8, without a byte order mark', [
    { pointer: '', detail: 'Must be JSON' },
  ]);
}

function malformed(detail: string): Refusal {
  return refuse('malformed-body', detail, [{ pointer: '', detail }]);
}

function tooLarge(detail: string): Refusal {
  return refuse('too-large', detail, [{ pointer: '', detail }]);
}
