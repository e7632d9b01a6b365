import type { FaultRun } from '../fault.js';

/** What faults told during a run. */
export class FaultNotes {
  readonly figures: Record<string, number> = {};
  /** False claims. */
  readonly broken: string[] = [];
  /** Lines and records that must be parked in the end. */
  parked = 0;

  asPartOfRun(): Pick<FaultRun, 'figure' | 'claim' | 'parks'> {
    return {
      figure: (name, value) => {
        this.figures[name] = value;
      },
      claim: (sentence, isTrue) => {
        if (!isTrue) this.broken.push(`not true: ${sentence}`);
      },
      parks: (count) => {
        this.parked += count;
      },
    };
  }
}
