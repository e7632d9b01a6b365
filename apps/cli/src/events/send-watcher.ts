import { lineOfError } from '../connect/refusal.js';
import { grouped, progressLine } from '../output/progress-line.js';
import { inOneLine, type Terminal } from '../output/terminal.js';
import type { Sending } from './send-file.js';

const DRAW_EVERY_MS = 100;
const REJECTS_SHOWN = 20;

type Progress = Parameters<NonNullable<Sending['onAdvance']>>[0];
type Reject = Parameters<NonNullable<Sending['onReject']>>[0];

/** What a person sees while a file is sent: a bar where somebody watches, and the first lines that were not taken. */
export class SendWatcher {
  private readonly startedAt = performance.now();
  private drawnAt = 0;
  private rejects = 0;

  constructor(
    private readonly terminal: Terminal,
    private readonly start: { total: number; offset: number; settled: number },
  ) {}

  get elapsedMs(): number {
    return performance.now() - this.startedAt;
  }

  advance({ offset, counts }: Progress): void {
    if (performance.now() - this.drawnAt < DRAW_EVERY_MS) return;
    this.drawnAt = performance.now();
    const { total, offset: from, settled } = this.start;
    const events = counts.accepted + counts.duplicate + counts.rejected - settled;
    const { elapsedMs } = this;
    this.terminal.overwrite(progressLine({ done: offset, total, from, elapsedMs, events, rejected: counts.rejected }));
  }

  /** "line 7,341  validation-failed  /data/userCode  Required" */
  reject({ line, problem }: Reject): void {
    this.rejects += 1;
    if (this.rejects > REJECTS_SHOWN) return;
    this.terminal.overwrite('');
    const errors = problem.errors?.map(lineOfError).join('; ') ?? problem.title;
    this.terminal.say(
      `${this.terminal.paint(`line ${grouped(line)}`, 'red', 'err')}  ${inOneLine(problem.code)}  ${inOneLine(errors)}`,
    );
  }

  pause(reason: string, ms: number): void {
    this.terminal.overwrite(`waiting ${Math.ceil(ms / 1000)} s: ingest ${inOneLine(reason)}`);
  }

  end(): void {
    this.terminal.overwrite('');
    const more = this.rejects - REJECTS_SHOWN;
    if (more > 0) this.terminal.say(`… and ${grouped(more)} more`);
  }
}
