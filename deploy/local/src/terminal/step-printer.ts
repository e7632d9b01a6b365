import { styleText } from 'node:util';

type Style = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

/** Prints one line per step. Colours only on a terminal and never with NO_COLOR. */
export class StepPrinter {
  readonly hasColour: boolean;

  constructor(
    private readonly out: NodeJS.WriteStream = process.stdout,
    env: NodeJS.ProcessEnv = process.env,
  ) {
    this.hasColour = out.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  }

  /** Runs a step and prints it with a tick and seconds; a failed one with a cross, before the failure goes on. */
  async step<T>(what: string | ((result: T) => string), work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await work();
    const text = typeof what === 'string' ? what : what(result);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    this.line(`${this.paint('✓', 'green')} ${text} ${this.paint(`${seconds} s`, 'dim')}`);
    return result;
  }

  /** Something a person should know that is no failure. */
  note(sentence: string): void {
    this.line(`${this.paint('!', 'yellow')} ${sentence}`);
  }

  failure(sentence: string): void {
    this.line(`${this.paint('✗', 'red')} ${sentence}`);
  }

  line(text = ''): void {
    this.out.write(`${text}\n`);
  }

  paint(text: string, style: Style): string {
    return this.hasColour ? styleText(style, text, { validateStream: false }) : text;
  }
}
