import { code, customerMapping, fieldErrorsOf, productMapping } from '@trueup/contracts';
import type { FieldError } from '@trueup/contracts';
import type { ImportKind, ImportedMapping } from '@trueup/control';
import { z } from 'zod';
import { UnendedQuote, parseCsv } from '../csv/parse-csv.js';
import type { CsvRecord } from '../csv/parse-csv.js';
import { stripFormulaGuard } from '../csv/formula-guard.js';
import { calendarDay } from '../http/calendar-day.js';
import { ProblemError } from '../http/problem-error.js';

const maxRows = 5000;

/** A fault of one line of the file. */
export interface LineFault {
  line: number;
  column?: string;
  detail: string;
}

export interface FileRow {
  line: number;
  mapping: ImportedMapping;
}

/** The lines that can be read, and why the others cannot. */
export interface ImportFile {
  rows: FileRow[];
  faults: LineFault[];
}

const layouts = {
  customers: layoutOf('customerCode', customerMapping.extend({ validFrom: calendarDay, customerCode: code }), ['agreementRef']),
  products: layoutOf('sku', productMapping.extend({ validFrom: calendarDay, sku: code }), [
    'term',
    'billingPlan',
    'siteCode',
    'agreementRef',
  ]),
} as const;

interface Layout {
  codeColumn: string;
  row: z.ZodObject;
  columns: string[];
  required: string[];
}

/** Reads a file whose first line names the columns, in any order. Refuses one whose columns are not those of the kind. */
export function readImportFile(kind: ImportKind, text: string): ImportFile {
  const layout = layouts[kind];
  const [head, ...records] = recordsOf(text);
  const columns = columnsOf(layout, head);
  if (records.length === 0) throw refused([{ pointer: '', detail: 'The file has no lines below its header' }]);
  if (records.length > maxRows) {
    throw refused([{ pointer: '', detail: `The file has ${records.length} lines; split it into files of at most ${maxRows}` }]);
  }
  const read = records.map((record) => readRecord(layout, columns, record));
  return { rows: read.flatMap((one) => one.row ?? []), faults: read.flatMap((one) => one.faults) };
}

function recordsOf(text: string): CsvRecord[] {
  try {
    return parseCsv(text);
  } catch (error) {
    if (!(error instanceof UnendedQuote)) throw error;
    throw refused([{ pointer: `/${error.line}`, detail: `Line ${error.line}: a quoted cell begins here and never ends` }]);
  }
}

function columnsOf(layout: Layout, head: CsvRecord | undefined): string[] {
  const names = head?.cells.map((name) => name.trim()) ?? [];
  const errors = [
    ...names.filter((name) => !layout.columns.includes(name)).map((name) => fault(name, 'Unknown column')),
    ...names.filter((name, place) => names.indexOf(name) !== place).map((name) => fault(name, 'This column comes twice')),
    ...layout.required.filter((name) => !names.includes(name)).map((name) => fault(name, 'This column is missing')),
  ];
  if (errors.length > 0) throw refused(errors, `The first line must name the columns ${layout.columns.join(', ')}.`);
  return names;
}

function readRecord(
  layout: Layout,
  columns: readonly string[],
  { line, cells }: CsvRecord,
): { row?: FileRow; faults: LineFault[] } {
  if (cells.length !== columns.length) {
    return { faults: [{ line, detail: `Has ${cells.length} cells; the header has ${columns.length}` }] };
  }
  const filled = cells.map((cell, place) => [columns[place]!, stripFormulaGuard(cell)]).filter(([, cell]) => cell !== '');
  const parsed = layout.row.safeParse(Object.fromEntries(filled));
  if (!parsed.success) {
    const faults = fieldErrorsOf(parsed.error).map(({ pointer, detail }) => ({ line, column: pointer.slice(1), detail }));
    return { faults };
  }
  const { [layout.codeColumn]: rowCode, ...mapping } = parsed.data;
  return { row: { line, mapping: { ...mapping, code: rowCode } as ImportedMapping }, faults: [] };
}

function layoutOf(codeColumn: string, row: z.ZodObject, optional: readonly string[]): Layout {
  const columns = [codeColumn, ...Object.keys(row.shape).filter((name) => name !== codeColumn)];
  return { codeColumn, row, columns, required: columns.filter((name) => !optional.includes(name)) };
}

function fault(column: string, detail: string): FieldError {
  return { pointer: `/1/${column.slice(0, 64)}`, detail };
}

function refused(errors: FieldError[], remedy = 'Correct what errors names and send the file again.'): ProblemError {
  return new ProblemError('validation-failed', `Nothing was imported. ${remedy}`, errors);
}
