/** One record of a CSV text and the line of the text on which it begins. */
export interface CsvRecord {
  line: number;
  cells: string[];
}

/** A quoted cell that begins on `line` and never ends: nothing after it can be read. */
export class UnendedQuote extends Error {
  override readonly name = 'UnendedQuote';

  constructor(readonly line: number) {
    super(`The quoted cell that begins on line ${line} does not end`);
  }
}

/**
 * The records of a CSV text (RFC 4180; LF and CR alone end a line too). The delimiter is a semicolon when the first line has one and no
 * comma, as Excel writes it in much of Europe. Empty records are left out. Throws UnendedQuote.
 */
export function parseCsv(text: string): CsvRecord[] {
  const reader = new CsvReader(text.startsWith('\ufeff') ? text.slice(1) : text);
  const records: CsvRecord[] = [];
  while (!reader.isAtEnd) {
    const record = reader.record();
    if (record.cells.some((cell) => cell !== '')) records.push(record);
  }
  return records;
}

class CsvReader {
  #at = 0;
  #line = 1;
  readonly #delimiter: string;

  constructor(private readonly text: string) {
    const firstLine = /^[^\r\n]*/.exec(text)?.[0] ?? '';
    this.#delimiter = firstLine.includes(';') && !firstLine.includes(',') ? ';' : ',';
  }

  get isAtEnd(): boolean {
    return this.#at >= this.text.length;
  }

  record(): CsvRecord {
    const line = this.#line;
    const cells = [this.#cell()];
    while (this.text[this.#at] === this.#delimiter) {
      this.#at += 1;
      cells.push(this.#cell());
    }
    this.#at += this.text.startsWith('\r\n', this.#at) ? 2 : 1;
    this.#line += 1;
    return { line, cells };
  }

  #cell(): string {
    const quoted = this.text[this.#at] === '"' ? this.#quoted() : '';
    const begin = this.#at;
    while (!this.isAtEnd && !this.#isEndOfCell(this.text[this.#at]!)) this.#at += 1;
    return quoted + this.text.slice(begin, this.#at);
  }

  #isEndOfCell(character: string): boolean {
    return character === this.#delimiter || character === '\n' || character === '\r';
  }

  /** What stands between quotes; a doubled quote is one quote. */
  #quoted(): string {
    const begin = this.#at + 1;
    let end = this.text.indexOf('"', begin);
    while (end >= 0 && this.text[end + 1] === '"') end = this.text.indexOf('"', end + 2);
    if (end < 0) throw new UnendedQuote(this.#line);
    const content = this.text.slice(begin, end);
    this.#line += content.match(/\r\n|\n|\r/g)?.length ?? 0;
    this.#at = end + 1;
    return content.replaceAll('""', '"');
  }
}
