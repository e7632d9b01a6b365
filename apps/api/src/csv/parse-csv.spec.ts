import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvTable } from './csv-table.js';
import { stripFormulaGuard } from './formula-guard.js';
import { UnendedQuote, parseCsv } from './parse-csv.js';

const cells = (text: string) => parseCsv(text).map((record) => record.cells);

describe('a CSV text', () => {
  it('is read with CRLF, LF, CR, with and without an end of the last line', () => {
    expect(cells('a,b\r\n1,2\n3,4\r5,6')).toEqual(['ab', '12', '34', '56'].map((pair) => [...pair]));
    expect(cells('a,b\r\n')).toEqual([['a', 'b']]);
  });

  it('may quote delimiters, quotes and line ends', () => {
    expect(cells('"a,b","say ""x""","1\r\n2",""')).toEqual([['a,b', 'say "x"', '1\r\n2', '']]);
  });

  it('counts lines as an editor does', () => {
    expect(parseCsv('h\n"a\nb"\n\nc').map((record) => record.line)).toEqual([1, 2, 5]);
  });

  it('may have a byte order mark and semicolons', () => {
    expect(cells('\ufeffa;b\n1,5;2')).toEqual([
      ['a', 'b'],
      ['1,5', '2'],
    ]);
  });

  it('names the line of a quote that never ends', () => {
    expect(() => parseCsv('a\nb\n"c\nd')).toThrow(new UnendedQuote(3));
  });

  it('of a mebibyte in one cell is read', () => {
    expect(cells(`"${'""'.repeat(500_000)}"`)[0]![0]).toHaveLength(500_000);
  });

  it('that we print reads back to the same cells, whatever they hold', () => {
    const characters = ['a', '=', '+', '"', ',', ';', '\r', '\n', '\t', '@', ' ', 'é'];
    const cell = fc.string({ unit: fc.constantFrom(...characters), minLength: 1 });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell)), fc.constantFrom(',' as const, ';' as const), (rows, delimiter) => {
        const columns = [0, 1].map((place) => ({ name: `c${place}`, cell: (row: [string, string]) => row[place] }));
        const table = new CsvTable(columns, { delimiter });
        const read = cells(table.head() + table.rows(rows)).slice(1);
        expect(read.map((row) => row.map(stripFormulaGuard))).toEqual(rows);
      }),
    );
  });
});
