import { quantityChange } from '@trueup/contracts';
import type { LogRecord } from '@trueup/kafka';
import type { ArrivedChange } from '../ledger/accept-change.js';
import type { QuarantinedChange } from '../ledger/ledger.js';

export interface ReadChanges {
  changes: ArrivedChange[];
  quarantined: QuarantinedChange[];
}

const MOST_KEPT = 100_000;

/** Records of a topic as changes. One that is none is set aside with its reason; its neighbours go on. */
export function readChanges(records: readonly LogRecord[], isPreview: boolean): ReadChanges {
  const read: ReadChanges = { changes: [], quarantined: [] };
  for (const record of records) {
    const change = readChange(record, isPreview);
    if (typeof change !== 'string') read.changes.push(change);
    else read.quarantined.push({ offset: record.offset, key: record.key, value: textOf(record), problem: change });
  }
  return read;
}

function readChange(record: LogRecord, isPreview: boolean): ArrivedChange | string {
  const [connectionId, key, ...rest] = (record.key ?? '').split('/');
  if (!connectionId || !key || rest.length > 0) return 'The record key is not connectionId/agreementLineKey';
  if (record.value === null) return isPreview ? 'A preview request cannot be a tombstone' : { connectionId, key, isPreview };
  const parsed = quantityChange.safeParse(jsonOf(record.value));
  if (!parsed.success) return parsed.error.issues.map((issue) => `/${issue.path.join('/')}: ${issue.message}`).join('; ');
  const change = parsed.data;
  if (change.connectionId !== connectionId || change.agreementLineKey !== key)
    return 'The record key and the value name different lines';
  return { connectionId, key, change, isPreview };
}

function jsonOf(value: Buffer): unknown {
  try {
    return JSON.parse(value.toString('utf8')) as unknown;
  } catch {
    return undefined; // the schema refuses it and says why
  }
}

function textOf(record: LogRecord): string | null {
  // Postgres text takes no NUL character.
  return record.value?.toString('utf8').replaceAll('\u0000', '\uFFFD').slice(0, MOST_KEPT) ?? null;
}
