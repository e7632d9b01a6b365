import type { Hash } from 'node:crypto';
import type { LineProblem } from './draft.js';
import type { Piece } from './piece.js';

export interface Counts {
  accepted: number;
  duplicate: number;
  rejected: number;
}

/** A line that was not taken. */
export interface Reject {
  line: number;
  problem: LineProblem;
  original: string;
}

interface Entry {
  piece: Piece;
  fate: 'open' | 'blank' | keyof Counts;
  reject?: Reject;
}

export type Settle = (fate: Exclude<Entry['fate'], 'open'>, reject?: Reject) => void;

export interface FrontierState {
  offset: number;
  line: number;
  counts: Counts;
}

/**
 * How far a file is settled without a gap. Answers come in any order; only what lies before the first open piece counts as done, so that
 * sending can begin again there and miss nothing.
 */
export class Frontier {
  private readonly open: Entry[] = [];
  private rejects: Reject[] = [];

  /** @param hash of every byte before `state.offset`. */
  constructor(
    private readonly hash: Hash,
    readonly state: FrontierState,
  ) {}

  /** Pieces that wait for their own fate or for that of one before them. */
  get waiting(): number {
    return this.open.length;
  }

  /** Takes the next piece of the file; call the answer once, when its fate is known. */
  add(piece: Piece): Settle {
    const entry: Entry = { piece, fate: 'open' };
    this.open.push(entry);
    return (fate, reject) => {
      entry.fate = fate;
      entry.reject = reject;
      this.#advance();
    };
  }

  /** Rejects that the frontier has passed since the last call, in the order of the file. */
  takeRejects(): Reject[] {
    const taken = this.rejects;
    this.rejects = [];
    return taken;
  }

  /** Hash of every byte before the frontier. */
  sha256(): string {
    return this.hash.copy().digest('hex');
  }

  #advance(): void {
    while (this.open.length > 0 && this.open[0]!.fate !== 'open') {
      const { piece, fate, reject } = this.open.shift()!;
      this.hash.update(piece.raw);
      this.state.offset += piece.raw.length;
      this.state.line = piece.nextLine;
      if (fate !== 'blank') this.state.counts[fate as keyof Counts] += 1;
      if (reject) this.rejects.push(reject);
    }
  }
}
