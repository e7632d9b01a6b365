import { describe, expect, it } from 'vitest';
import { type Column, renderOne, renderRows } from './render-rows.js';

interface Row {
  name: string;
  units: string;
}

const columns: Column<Row>[] = [
  { header: 'name', value: ({ name }) => name },
  { header: 'units', value: ({ units }) => units, isNumber: true },
];
const rows: Row[] = [
  { name: 'Žofie, "Z"', units: '12' },
  { name: '=HYPERLINK()', units: '-3' },
];

describe('rows', () => {
  it('stand in columns, numbers to the right', () => {
    expect(renderRows('table', rows, columns)).toBe('NAME          UNITS\nŽofie, "Z"       12\n=HYPERLINK()     -3\n');
  });

  it('cannot drive the terminal by what they hold', () => {
    expect(renderRows('table', [{ name: 'a\u001B[2Jb\nc', units: '1' }], columns)).toBe(
      'NAME      UNITS\na\u{FFFD}[2Jb\u{FFFD}c      1\n',
    );
  });

  it('are CSV with quotes where needed, and no cell that a spreadsheet would carry out', () => {
    expect(renderRows('csv', rows, columns)).toBe('name,units\r\n"Žofie, ""Z""",12\r\n\'=HYPERLINK(),-3\r\n');
  });

  it('are themselves as JSON and ndjson', () => {
    expect(JSON.parse(renderRows('json', rows, columns))).toEqual(rows);
    expect(
      renderRows('ndjson', rows, columns)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Row),
    ).toEqual(rows);
  });

  it('say so when there are none, and are an empty list for programs', () => {
    expect([renderRows('table', [], columns), renderRows('json', [], columns), renderRows('ndjson', [], columns)]).toEqual([
      'none\n',
      '[]\n',
      '',
    ]);
  });

  it('are a list of names and values when there is one', () => {
    expect(renderOne('table', rows[1]!, columns)).toBe('name   =HYPERLINK()\nunits  -3\n');
  });
});
