/** The forms that `--output` offers. */
export const OUTPUT_FORMATS = ['table', 'json', 'ndjson', 'csv'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

export interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

type Colour = 'red' | 'green' | 'yellow' | 'bold' | 'dim';
const CODES: Record<Colour, number> = { red: 31, green: 32, yellow: 33, bold: 1, dim: 2 };

/** Where a command writes: results on standard output, everything about the way there on standard error. */
export class Terminal {
  constructor(
    private readonly stdout: Stream,
    private readonly stderr: Stream,
    private readonly env: NodeJS.ProcessEnv,
    readonly format: OutputFormat = 'table',
  ) {}

  /** A result; ends with a line break. */
  print(text: string): void {
    this.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  /** A remark for the person at the terminal; foreign text in it can neither move the cursor nor forge lines. */
  say(line: string): void {
    this.stderr.write(`${line}\n`);
  }

  /** Overwrites the current line; only where somebody watches. */
  overwrite(line: string): void {
    if (this.isWatched) this.stderr.write(`\r${line}\u001B[K`);
  }

  /** Whether a person sees standard error come into being: only then is progress drawn. */
  get isWatched(): boolean {
    return this.stderr.isTTY === true && this.env['TERM'] !== 'dumb' && !this.env['CI'];
  }

  paint(text: string, colour: Colour, stream: 'out' | 'err' = 'out'): string {
    const isTty = (stream === 'out' ? this.stdout : this.stderr).isTTY === true;
    const isColoured = isTty && !this.env['NO_COLOR'] && this.env['TERM'] !== 'dumb';
    return isColoured ? `\u001B[${CODES[colour]}m${text}\u001B[0m` : text;
  }
}

/** Foreign text in one line: control characters, which could drive the terminal, become a visible mark. */
export function inOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, '\u{FFFD}');
}
