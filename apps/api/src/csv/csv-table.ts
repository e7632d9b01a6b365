import { z } from 'zod';
import { guardFormula } from './formula-guard.js';

/** A column: its header, what a row shows there, and whether that is a number (which the formula guard leaves alone). */
export interface CsvColumn<T> {
  name: string;
  cell(row: T): string | undefined;
  isNumeric?: boolean;
}

const yesOrNo = z.enum(['true', 'false']);

/** Parameters of every CSV answer. Defaults: a byte order mark (Excel needs it), commas, guarded formulas. */
export const csvQuery = z.object({
  bom: yesOrNo.optional(),
  delimiter: z.enum([',', ';']).optional(),
  formulaGuard: z.enum(['on', 'off']).optional(),
});

export type CsvQuery = z.output<typeof csvQuery>;

/** Prints rows as CSV by RFC 4180: CRLF, one header row, cells quoted when needed. */
export class CsvTable<T> {
  readonly #delimiter: ',' | ';';
  readonly #isGuarded: boolean;

  constructor(
    private readonly columns: readonly CsvColumn<T>[],
    private readonly query: CsvQuery,
  ) {
    this.#delimiter = query.delimiter ?? ',';
    this.#isGuarded = query.formulaGuard !== 'off';
  }

  head(): string {
    const mark = this.query.bom === 'false' ? '' : '\ufeff';
    return mark + this.#printed(this.columns.map((column) => column.name));
  }

  rows(rows: readonly T[]): string {
    return rows.map((row) => this.#printed(this.columns.map((column) => this.#cell(column, row)))).join('');
  }

  #cell(column: CsvColumn<T>, row: T): string {
    const text = column.cell(row) ?? '';
    return this.#isGuarded && !column.isNumeric ? guardFormula(text) : text;
  }

  #printed(cells: readonly string[]): string {
    return `${cells.map(quoted).join(this.#delimiter)}\r\n`;
  }
}

/** Both delimiters are quoted: whoever opens the file with the other one finds the cells whole. */
function quoted(cell: string): string {
  return /[",;\t\r\n]|^\s|\s$|^'/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
