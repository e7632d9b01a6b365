import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HEADER, lineOfRun, type RunRecord, tableOfRuns } from '../run/run-record.js';

/** Runs as people and files get them: a line as each ends, the file up to date at any moment, a table at the end. */
export class RunReport {
  readonly #runs: RunRecord[] = [];
  readonly #file: string;

  constructor(
    file: string | undefined,
    private readonly print: (line: string) => void,
  ) {
    this.#file = file ?? join(mkdtempSync(join(tmpdir(), 'trueup-faults-')), 'runs.json');
    print(HEADER);
  }

  add(run: RunRecord): void {
    this.#runs.push(run);
    this.print(lineOfRun(run));
    for (const { kind, what } of run.findings) this.print(`  ${kind}: ${what}`);
    for (const sentence of run.broken) this.print(`  ${sentence}`);
    writeFileSync(this.#file, `${JSON.stringify({ runs: this.#runs }, null, 2)}\n`);
  }

  /** Prints the table; answers whether there were runs and all of them passed. */
  end(): boolean {
    const passed = this.#runs.filter(({ hasPassed }) => hasPassed).length;
    this.print(`\n${tableOfRuns(this.#runs)}\n\n${passed} of ${this.#runs.length} runs passed; ${this.#file}`);
    return this.#runs.length > 0 && passed === this.#runs.length;
  }
}
