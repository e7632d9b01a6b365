import type { OutcomeKind, QuantityChange, Step } from '@trueup/contracts';
import type { Baseline, LedgerWrite, LineRow, WaitsOn, WriteState } from './line-row.js';

/** A row of desired_line as pg gives it. */
export interface LineColumns {
  connection_id: string;
  agreement_line_key: string;
  tenant_id: string;
  billing_identifier: string;
  version: number;
  change_id: string;
  is_preview: boolean;
  change: QuantityChange;
  is_gone: boolean;
  is_due: boolean;
  due_at: Date;
  first_due_at: Date;
  waits_on: WaitsOn | null;
  attempt: number;
  last_outcome: string | null;
  final_kind: OutcomeKind | null;
  baseline: Baseline | null;
  last_level: Step[] | null;
}

export function toLineRow(columns: LineColumns): LineRow {
  return {
    tenantId: columns.tenant_id,
    connectionId: columns.connection_id,
    key: columns.agreement_line_key,
    account: columns.billing_identifier,
    version: columns.version,
    changeId: columns.change_id,
    isPreview: columns.is_preview,
    change: columns.change,
    isGone: columns.is_gone,
    isDue: columns.is_due,
    dueAt: columns.due_at,
    firstDueAt: columns.first_due_at,
    waitsOn: columns.waits_on ?? undefined,
    attempt: columns.attempt,
    lastOutcome: columns.last_outcome ?? undefined,
    finalKind: columns.final_kind ?? undefined,
    baseline: columns.baseline ?? undefined,
    lastLevel: columns.last_level ?? undefined,
  };
}

/** The columns of desired_line in the order in which `lineValues` gives them, with the type that `unnest` needs. */
export const LINE_COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ['connection_id', 'text'],
  ['agreement_line_key', 'text'],
  ['tenant_id', 'text'],
  ['billing_identifier', 'text'],
  ['version', 'int'],
  ['change_id', 'text'],
  ['is_preview', 'boolean'],
  ['change', 'jsonb'],
  ['is_gone', 'boolean'],
  ['is_due', 'boolean'],
  ['due_at', 'timestamptz'],
  ['first_due_at', 'timestamptz'],
  ['waits_on', 'text'],
  ['attempt', 'int'],
  ['last_outcome', 'text'],
  ['final_kind', 'text'],
  ['baseline', 'jsonb'],
  ['last_level', 'jsonb'],
];

export function lineValues(row: LineRow): unknown[] {
  const { connectionId, key, tenantId, account, version, changeId, isPreview, isGone, isDue } = row;
  return [
    connectionId,
    key,
    tenantId,
    account,
    version,
    changeId,
    isPreview,
    JSON.stringify(row.change),
    isGone,
    isDue,
    row.dueAt,
    row.firstDueAt,
    row.waitsOn ?? null,
    row.attempt,
    row.lastOutcome ?? null,
    row.finalKind ?? null,
    jsonOrNull(row.baseline),
    jsonOrNull(row.lastLevel),
  ];
}

/** A row of line_write as pg gives it. */
export interface WriteColumns {
  connection_id: string;
  agreement_line_key: string;
  write_key: string;
  version: number;
  ordinal: number;
  state: WriteState;
  write: LedgerWrite['write'];
  intended_at: Date;
  answered_at: Date | null;
  refusal_code: LedgerWrite['refusalCode'] | null;
  answer: LedgerWrite['answer'] | null;
  is_reported: boolean;
}

export function toLedgerWrite(columns: WriteColumns): LedgerWrite {
  return {
    writeKey: columns.write_key,
    version: columns.version,
    ordinal: columns.ordinal,
    state: columns.state,
    write: columns.write,
    intendedAt: columns.intended_at,
    answeredAt: columns.answered_at ?? undefined,
    refusalCode: columns.refusal_code ?? undefined,
    answer: columns.answer ?? undefined,
    isReported: columns.is_reported,
  };
}

export function jsonOrNull(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
