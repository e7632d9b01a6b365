import { describe, expect, it } from 'vitest';
import { CsvTable } from './csv-table.js';

const columns = [
  { name: 'code', cell: (row: string[]) => row[0] },
  { name: 'quantity', cell: (row: string[]) => row[1], isNumeric: true },
];
const printed = (cell: string, more = {}) => new CsvTable(columns, more).rows([[cell, '-1']]);

describe('a CSV table', () => {
  it('begins with a byte order mark and a header, or without the mark', () => {
    expect(new CsvTable(columns, {}).head()).toBe('\ufeffcode,quantity\r\n');
    expect(new CsvTable(columns, { bom: 'false', delimiter: ';' }).head()).toBe('code;quantity\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '＝1'])('disarms %j and leaves numbers alone', (cell) => {
    expect(printed(cell)).toBe(`"'${cell}",-1\r\n`);
  });

  it('leaves formulas alone when told so', () => {
    expect(printed('=1+1', { formulaGuard: 'off' })).toBe('=1+1,-1\r\n');
  });

  it('quotes what either delimiter would cut', () => {
    expect([printed('a,b'), printed('a;b'), printed('a"b')]).toEqual(['"a,b",-1\r\n', '"a;b",-1\r\n', '"a""b",-1\r\n']);
  });

  it('shows what is absent as an empty cell', () => {
    expect(new CsvTable(columns, {}).rows([[]])).toBe(',\r\n');
  });
});
