import type { Fault, FaultKind } from './fault-schema.js';
import type { PsaCall } from './psa-call.js';

type Access = 'read' | 'write' | 'any';

interface ArmedFault {
  readonly id: number;
  readonly fault: Fault;
  skipped: number;
  hits: number;
}

/** Kinds that need the other sort of call, or make sense for one sort alone. */
const BOUND_ACCESS: Partial<Record<FaultKind, Access>> = {
  'stale-reads': 'read',
  'delayed-apply': 'write',
  inject: 'write',
};

/** Kinds named after a commit: without a path they mean writes, not the PSA's POSTed queries. */
const ABOUT_A_COMMIT: ReadonlySet<FaultKind> = new Set([
  'apply-then-drop-connection',
  'drop-before-apply',
  'cut-body-after-commit',
  '500-before-commit',
  '500-after-commit',
  'timeout-expired',
  'gateway-error',
  'hang',
]);

/** The faults that wait for a call to hit, in the order in which they were posted. */
export class FaultList {
  #armed: ArmedFault[] = [];
  #lastId = 0;

  add(fault: Fault): number {
    this.#lastId += 1;
    this.#armed.push({ id: this.#lastId, fault, skipped: 0, hits: 0 });
    return this.#lastId;
  }

  clear(): void {
    this.#armed = [];
  }

  remaining(): object[] {
    return this.#armed.map(({ id, fault, hits }) => ({ id, ...fault, hits, remaining: left(fault, hits) }));
  }

  /** The faults that hit this call: every injected edit, every delay, and the first of the other kinds. */
  take(call: PsaCall, isWrite: boolean): Fault[] {
    const taken: Fault[] = [];
    for (const armed of this.#armed) {
      const isSecond = !isCompanion(armed.fault) && taken.some((fault) => !isCompanion(fault));
      if (isSecond || !isHit(armed.fault, call, isWrite)) continue;
      if (armed.skipped < armed.fault.skip) armed.skipped += 1;
      else taken.push(hit(armed));
    }
    this.#armed = this.#armed.filter(({ fault, hits }) => left(fault, hits) !== 0);
    return taken;
  }
}

/** Whether the fault leaves room for another one on the same call. */
export function isCompanion({ kind }: Fault): boolean {
  return kind === 'inject' || kind === 'slow';
}

function hit(armed: ArmedFault): Fault {
  armed.hits += 1;
  return armed.fault;
}

function left(fault: Fault, hits: number): number | 'always' {
  return fault.count === 'always' ? 'always' : fault.count - hits;
}

function isHit(fault: Fault, call: PsaCall, isWrite: boolean): boolean {
  const { method, path, body } = fault.match;
  const access = accessOf(fault);
  if (access !== 'any' && (access === 'write') !== isWrite) return false;
  if (method !== undefined && method.toUpperCase() !== call.method) return false;
  if (body !== undefined && !(call.bodyText ?? '').toLowerCase().includes(body.toLowerCase())) return false;
  return path === undefined || isPathHit(path, `${call.path}?${call.query.toString()}`);
}

function accessOf({ kind, match }: Fault): Access {
  const bound = BOUND_ACCESS[kind];
  if (bound !== undefined) return bound;
  if (match.access !== undefined) return match.access;
  const isOpen = match.path === undefined && match.method?.toUpperCase() !== 'GET';
  return isOpen && ABOUT_A_COMMIT.has(kind) ? 'write' : 'any';
}

function isPathHit(pattern: string, url: string): boolean {
  if (url.toLowerCase().includes(pattern.toLowerCase())) return true;
  try {
    return new RegExp(pattern, 'i').test(url);
  } catch {
    // No regular expression: it was meant as a substring, and that did not match.
    return false;
  }
}
