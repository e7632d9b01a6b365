/** Connections of one host, as this process knows them. */
interface Host {
  /** By connection: whether its breaker is open, and when that was last known. */
  members: Map<string, { isFailing: boolean; atMs: number }>;
  openedAtMs?: number;
  isProbing: boolean;
}

export interface HostGateOptions {
  /** How long a closed gate rests before one call may try. Default 10,000. */
  restMs?: number;
  /** Told when a host is given up, and when it answers again. */
  onChange?: (host: string, state: 'open' | 'closed') => void;
  /** Milliseconds of a clock that only goes forward. */
  nowMs?: () => number;
}

const REST_MS = 10_000;
const FEWEST_FAILING = 3;
const KNOWN_FOR_MS = 600_000;
const MOST_HOSTS = 1_000;

/**
 * The coarse breaker of a PSA's hosts: one that is down for at least three connections, and for half of those that use it, is left alone by all
 * of them, until one read at a time finds it well again. One tenant's dead server never stops another's.
 */
export class HostGate {
  readonly #hosts = new Map<string, Host>();
  readonly #nowMs: () => number;

  constructor(private readonly options: HostGateOptions = {}) {
    this.#nowMs = options.nowMs ?? (() => performance.now());
  }

  get restMs(): number {
    return this.options.restMs ?? REST_MS;
  }

  /** Whether nothing but a probe may be sent to the host. */
  isOpen(host: string): boolean {
    return this.#hosts.get(host)?.openedAtMs !== undefined;
  }

  /** Hosts that were called, as far as they are remembered. */
  hosts(): string[] {
    return [...this.#hosts.keys()];
  }

  /** Milliseconds until the host may be tried; 0 when it may. */
  restLeftMs(host: string): number {
    const { openedAtMs } = this.#hosts.get(host) ?? {};
    return openedAtMs === undefined ? 0 : Math.max(0, openedAtMs + this.restMs - this.#nowMs());
  }

  /** Whether a call may go out now. A true answer for an open host is the one probe: tell what came of it by `report` or `withdraw`. */
  admits(host: string): boolean {
    const known = this.#hosts.get(host);
    if (known?.openedAtMs === undefined) return true;
    if (known.isProbing || this.restLeftMs(host) > 0) return false;
    known.isProbing = true;
    return true;
  }

  /** A probe that was not sent after all. */
  withdraw(host: string): void {
    const known = this.#hosts.get(host);
    if (known !== undefined) known.isProbing = false;
  }

  /** What a call found: whether the host answered, and whether the connection's breaker is open since. */
  report(host: string, connectionId: string, found: { isWell: boolean; isBreakerOpen: boolean }): void {
    const known = this.#known(host);
    known.isProbing = false;
    known.members.set(connectionId, { isFailing: found.isBreakerOpen, atMs: this.#nowMs() });
    if (found.isWell) this.#close(host, known);
    else if (known.openedAtMs !== undefined || isGivenUp(known)) this.#open(host, known);
  }

  #open(host: string, known: Host): void {
    if (known.openedAtMs === undefined) this.options.onChange?.(host, 'open');
    known.openedAtMs = this.#nowMs();
  }

  #close(host: string, known: Host): void {
    if (known.openedAtMs === undefined) return;
    known.openedAtMs = undefined;
    // What the others met is over: each tells anew.
    known.members.clear();
    this.options.onChange?.(host, 'closed');
  }

  #known(host: string): Host {
    const known = this.#hosts.get(host) ?? { members: new Map(), isProbing: false };
    this.#forget();
    this.#hosts.set(host, known);
    for (const [id, { atMs }] of known.members) if (this.#nowMs() - atMs > KNOWN_FOR_MS) known.members.delete(id);
    return known;
  }

  /** Hosts come from settings, so their number is bounded by connections that ever were: the oldest go. */
  #forget(): void {
    const [oldest] = this.#hosts.keys();
    if (this.#hosts.size >= MOST_HOSTS) this.#hosts.delete(oldest!);
  }
}

function isGivenUp({ members }: Host): boolean {
  const failing = [...members.values()].filter((each) => each.isFailing).length;
  return failing >= FEWEST_FAILING && failing * 2 >= members.size;
}
