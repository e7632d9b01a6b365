import { CsvError, parse } from 'csv-parse/sync';

/** The cells of one row, or what is wrong with its quotes. */
export function cellsOf(text: string, delimiter: string): { row: string[] } | { fault: string } {
  try {
    const rows = parse(text, { delimiter, relax_column_count: true, skip_empty_lines: false }) as string[][];
    return { row: rows[0] ?? [] };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { fault: `The quotes of this row do not match (${error.code})` };
  }
}
