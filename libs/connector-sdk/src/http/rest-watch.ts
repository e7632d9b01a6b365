import type { Circuit } from './circuit.js';
import type { HostGate } from './host-gate.js';
import { NoAnswer } from './http-answer.js';
import type { SharedRest } from './shared-rest.js';

export interface RestWatchOptions {
  connectionId: string;
  circuit: Circuit;
  gate: HostGate;
  rest: SharedRest;
}

const NEVER = Number.NEGATIVE_INFINITY;

/** Whether a connection's PSA is to be left alone: by its own breaker, by that of its host, or because another replica says so. */
export class RestWatch {
  #host: string | undefined;
  #hintEndsAtMs = NEVER;
  #wellAtMs = NEVER;
  /** After another replica's rest a read must succeed here before anything is written. */
  #isOnProbation = false;
  #wasOpen = false;

  constructor(private readonly options: RestWatchOptions) {}

  get mayWrite(): boolean {
    const { circuit, gate } = this.options;
    return circuit.isClosed && !this.#isOnProbation && !(this.#host !== undefined && gate.isOpen(this.#host));
  }

  /** Milliseconds until it is worth asking again; 0 when it is now. */
  get leftMs(): number {
    const { circuit, gate } = this.options;
    const ofHost = this.#host === undefined ? 0 : gate.restLeftMs(this.#host);
    return Math.max(circuit.restLeftMs, ofHost, this.#hintEndsAtMs - performance.now(), 0);
  }

  /** Throws NoAnswer `breaker-open` while it rests. Whoever has met a well PSA a moment ago does not believe another replica. */
  async refuseResting(host: string, isWrite: boolean): Promise<void> {
    const { circuit, gate, rest, connectionId } = this.options;
    this.#host = host;
    // A probe is a read, never a write.
    if (circuit.isOpen || gate.restLeftMs(host) > 0 || (isWrite && !this.mayWrite)) throw resting();
    if (performance.now() - this.#wellAtMs < gate.restMs) return;
    const leftMs = await rest.leftMs([connectionId, hostKey(host)]);
    this.#hintEndsAtMs = performance.now() + leftMs;
    if (leftMs === 0) return;
    this.#isOnProbation = true;
    throw resting();
  }

  /** Runs one call through both breakers, and tells what it found. The work rejects for what counts against the PSA. */
  async run<T>(host: string, work: () => Promise<T>): Promise<T> {
    const { gate, circuit } = this.options;
    if (!gate.admits(host)) throw resting();
    let wasSent = false;
    const sent = (): Promise<T> => {
      wasSent = true;
      return work();
    };
    try {
      const answer = await circuit.run(sent);
      this.#found(host, true);
      return answer;
    } catch (error) {
      if (wasSent) this.#found(host, false);
      else gate.withdraw(host);
      throw error;
    }
  }

  #found(host: string, isWell: boolean): void {
    const { gate, circuit, rest, connectionId } = this.options;
    const wasHostOpen = gate.isOpen(host);
    gate.report(host, connectionId, { isWell, isBreakerOpen: circuit.isOpen });
    this.#wellAtMs = isWell ? performance.now() : NEVER;
    if (isWell) this.#isOnProbation = false;
    this.#tell(connectionId, this.#wasOpen, circuit.isOpen, circuit.restLeftMs, rest);
    this.#tell(hostKey(host), wasHostOpen, gate.isOpen(host), gate.restLeftMs(host), rest);
    this.#wasOpen = circuit.isOpen;
  }

  /** Not waited for: a hint must not hold up an answer. `SharedRest` keeps its failures to itself. */
  #tell(key: string, was: boolean, is: boolean, leftMs: number, rest: SharedRest): void {
    if (is) void rest.begin(key, leftMs);
    else if (was) void rest.end(key);
  }
}

function hostKey(host: string): string {
  return `host:${host}`;
}

function resting(): NoAnswer {
  return new NoAnswer('breaker-open', 'The breaker is open');
}
