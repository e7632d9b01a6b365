import writeXlsxFile from 'write-excel-file/node';
import type { Cell, Row } from 'write-excel-file/node';
import type { CsvColumn } from '../csv/csv-table.js';

/** What Excel holds in one cell, in UTF-16 units; it calls a file with more broken. */
const CELL_LIMIT = 32_767;
const CUT_MARK = '… (cut: the CSV file has all)';

/** Prints rows as a workbook of one sheet, under a bold header row that stays in sight. */
export class XlsxTable<T> {
  constructor(private readonly columns: readonly CsvColumn<T>[]) {}

  row(row: T): Row {
    return this.columns.map((column) => toCell(column.cell(row), column.isNumeric === true));
  }

  /** The bytes of a file with these rows, each made by {@link row}. */
  workbook(rows: readonly Row[]): Promise<Buffer> {
    const head = this.columns.map(({ name }): Cell => ({ value: name, type: String, fontWeight: 'bold' }));
    return writeXlsxFile([head, ...rows], { stickyRowsCount: 1 }).toBuffer();
  }
}

/** A cell is text by its type, so that Excel never takes it for a formula; a number only when Excel shows just that number. */
function toCell(text: string | undefined, isNumeric: boolean): Cell {
  if (text === undefined || text === '') return null;
  const number = Number(text);
  if (isNumeric && Number.isSafeInteger(number) && String(number) === text && Math.abs(number) < 1e15)
    return { value: number, type: Number };
  return { value: withinLimit(printable(text)), type: String };
}

/** XML 1.0 has no place for these characters: one of them would make the whole file unreadable. */
function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are the ones to find
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
}

function withinLimit(text: string): string {
  return text.length > CELL_LIMIT ? text.slice(0, CELL_LIMIT - CUT_MARK.length).toWellFormed() + CUT_MARK : text;
}
