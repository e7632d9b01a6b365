import { describe, expect, it } from 'vitest';
import { XLSX_ROW_LIMIT, rowsOf } from './send-xlsx.js';
import { XlsxTable } from './xlsx-table.js';

const table = new XlsxTable<string>([
  { name: 'text', cell: (row) => row },
  { name: 'number', cell: (row) => row, isNumeric: true },
]);

/** A list of so many rows, in pages of 1,000. */
function listOf(count: number) {
  return (cursor: string | undefined) => {
    const start = Number(cursor ?? 0);
    const length = Math.min(1000, count - start);
    const nextCursor = start + length < count ? String(start + length) : null;
    return Promise.resolve({ data: Array<string>(length).fill('x'), nextCursor });
  };
}

describe('a workbook', () => {
  it('takes the last row of the limit and refuses one more with a way out', async () => {
    expect(await rowsOf({ table, readPage: listOf(XLSX_ROW_LIMIT) })).toHaveLength(XLSX_ROW_LIMIT);
    await expect(rowsOf({ table, readPage: listOf(XLSX_ROW_LIMIT + 1) })).rejects.toMatchObject({
      code: 'too-large',
      detail: expect.stringContaining('use the CSV file or narrow the filters'),
    });
  });

  it.each(['=1+1', '1.5', '007', '1e3', '9007199254740993', '-0', ' 1'])('keeps %j as text', (text) => {
    const cell = { value: text, type: String };
    expect(table.row(text)).toEqual([cell, cell]);
  });

  it.each(['0', '12', '-3'])('has %j as a number only in a numeric column', (text) => {
    expect(table.row(text)).toEqual([
      { value: text, type: String },
      { value: Number(text), type: Number },
    ]);
  });

  it('replaces what XML cannot hold and cuts what Excel cannot hold, saying so', () => {
    expect(table.row('a\u0001b')[0]).toMatchObject({ value: 'a\ufffdb' });
    const { value } = table.row('y'.repeat(40_000))[0] as { value: string };
    expect([value.length, value.endsWith('(cut: the CSV file has all)')]).toEqual([32_767, true]);
  });
});
