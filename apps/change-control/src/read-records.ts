import { type FieldError, fieldErrorsOf } from '@trueup/contracts';
import type { QuarantinedRecord } from '@trueup/control';
import type { LogRecord } from '@trueup/kafka';
import type { z } from 'zod';

/** What a batch says, and what nobody can read. */
export interface ReadRecords<T> {
  messages: { message: T; record: LogRecord }[];
  bad: QuarantinedRecord[];
}

/** Parses the values of records. Records without a value say that a key is gone and mean nothing here. */
export function readRecords<T>(
  place: { topic: string; partition: number },
  records: readonly LogRecord[],
  schema: z.ZodType<T>,
): ReadRecords<T> {
  const read: ReadRecords<T> = { messages: [], bad: [] };
  for (const record of records) {
    if (record.value === null) continue;
    const parsed = parse(record.value, schema);
    if ('message' in parsed) read.messages.push({ message: parsed.message, record });
    else read.bad.push(toQuarantined(place, record, parsed.problems));
  }
  return read;
}

/** Sets aside what belongs to a tenant that has no settings: nobody could say what day it is there. */
export function ofKnownTenants<T extends { tenantId: string }>(
  place: { topic: string; partition: number },
  read: ReadRecords<T>,
  knows: (tenantId: string) => boolean,
): ReadRecords<T> {
  const problems = [{ pointer: '/tenantId', detail: 'Names no tenant with billing period settings' }];
  const strangers = read.messages.filter(({ message }) => !knows(message.tenantId));
  return {
    messages: read.messages.filter(({ message }) => knows(message.tenantId)),
    bad: [...read.bad, ...strangers.map(({ record }) => toQuarantined(place, record, problems))],
  };
}

/** The record as the quarantine keeps it. */
export function toQuarantined(
  place: { topic: string; partition: number },
  record: LogRecord,
  problems: readonly FieldError[],
): QuarantinedRecord {
  return {
    topic: place.topic,
    partition: place.partition,
    offset: record.offset,
    key: record.key,
    value: record.value,
    problems,
  };
}

function parse<T>(value: Buffer, schema: z.ZodType<T>): { message: T } | { problems: FieldError[] } {
  const json = jsonOf(value);
  if (json === undefined) return { problems: [{ pointer: '', detail: 'Must be JSON' }] };
  const parsed = schema.safeParse(json);
  return parsed.success ? { message: parsed.data } : { problems: fieldErrorsOf(parsed.error) };
}

function jsonOf(value: Buffer): unknown {
  try {
    const text = value.toString('utf8');
    return text.includes('\\u') ? JSON.parse(text, storable) : JSON.parse(text);
  } catch {
    return undefined; // a decision: the record is quarantined as unreadable
  }
}

/** NUL and half a surrogate pair, as a PSA may answer them, are valid JSON but no text that Postgres can hold. */
function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\u0000', '\ufffd') : value;
}
