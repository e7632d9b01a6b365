import { inOneLine, type OutputFormat } from './terminal.js';

/** One column of a table or CSV file; `json` and `ndjson` show the rows as the service answered them. */
export interface Column<T> {
  header: string;
  value: (row: T) => string | number | null | undefined;
  /** Numbers stand to the right. */
  isNumber?: boolean;
}

const GAP = '  ';

/** Rows in the wanted form, with a line break at the end. An empty table says so. */
export function renderRows<T>(format: OutputFormat, rows: readonly T[], columns: readonly Column<T>[]): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(rows, null, 2)}\n`;
    case 'ndjson':
      return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    case 'csv':
      return [columns.map(({ header }) => header), ...cellsOf(rows, columns)]
        .map((cells) => `${cells.map(csvCell).join(',')}\r\n`)
        .join('');
    case 'table':
      return rows.length === 0 ? 'none\n' : table(rows, columns);
  }
}

/** One object: a list of names and values, or itself. */
export function renderOne<T>(format: OutputFormat, row: T, columns: readonly Column<T>[]): string {
  if (format === 'json') return `${JSON.stringify(row, null, 2)}\n`;
  if (format !== 'table') return renderRows(format, [row], columns);
  const width = Math.max(...columns.map(({ header }) => header.length));
  return columns.map(({ header, value }) => `${header.padEnd(width)}${GAP}${shown(value(row))}\n`).join('');
}

function table<T>(rows: readonly T[], columns: readonly Column<T>[]): string {
  const cells = [columns.map(({ header }) => header.toUpperCase()), ...cellsOf(rows, columns).map((row) => row.map(inOneLine))];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => lengthOf(row[at]!))));
  return cells
    .map(
      (row) =>
        `${row
          .map((cell, at) => padded(cell, widths[at]!, columns[at]!.isNumber))
          .join(GAP)
          .trimEnd()}\n`,
    )
    .join('');
}

function cellsOf<T>(rows: readonly T[], columns: readonly Column<T>[]): string[][] {
  return rows.map((row) => columns.map(({ value }) => String(value(row) ?? '')));
}

function padded(cell: string, width: number, isNumber = false): string {
  const space = ' '.repeat(width - lengthOf(cell));
  return isNumber ? space + cell : cell + space;
}

function lengthOf(text: string): number {
  return [...text].length;
}

function shown(value: string | number | null | undefined): string {
  return inOneLine(String(value ?? '-'));
}

/** A spreadsheet would carry out a cell that begins like a formula, so such text gets a leading apostrophe; numbers stay as they are. */
function csvCell(text: string): string {
  const isFormula = /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text);
  const safe = isFormula ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
