import { STATUS_CODES } from 'node:http';
import type { Fault, FaultKind } from './fault-schema.js';
import { isCompanion } from './fault-list.js';
import { type PsaAnswer, type PsaCall, toPsaCall } from './psa-call.js';
import type { Sandbox } from './sandbox.js';

/** What the caller gets to see of a call. */
export interface Performance {
  readonly answer: PsaAnswer;
  /** `drop`: the connection ends without a byte, `reset`: not even in order; `cut`: in the middle of the body; `hang`: never by itself. */
  readonly ending: 'whole' | 'drop' | 'reset' | 'cut' | 'hang' | 'trickle';
  /** For `trickle`: milliseconds from one byte of the body to the next. */
  readonly paceMs?: number;
}

type Performer<K extends FaultKind> = (sandbox: Sandbox, call: PsaCall, fault: Extract<Fault, { kind: K }>) => Performance;

const whole = (answer: PsaAnswer): Performance => ({ answer, ending: 'whole' });

/** The page of a gateway before the API, which knows nothing of the API's own answers. */
function gatewayPage(status: number): PsaAnswer {
  const title = STATUS_CODES[status] ?? 'Error';
  const page = `<!DOCTYPE HTML><html><head><title>${title}</title></head><body><h2>${title}</h2><hr><p>HTTP Error ${status}.</p></body></html>\r\n`;
  return { status, headers: { 'content-type': 'text/html; charset=us-ascii' }, body: page };
}

const PERFORMERS: { [K in FaultKind]: Performer<K> } = {
  'apply-then-drop-connection': (sandbox, call, { isReset }) => ({
    answer: sandbox.call(call),
    ending: isReset ? 'reset' : 'drop',
  }),
  'drop-before-apply': (_sandbox, _call, { isReset }) => ({ answer: { status: 500 }, ending: isReset ? 'reset' : 'drop' }),
  'cut-body-after-commit': (sandbox, call) => ({ answer: sandbox.call(call), ending: 'cut' }),
  hang: (sandbox, call, { effect }) => ({ answer: effect ? sandbox.call(call) : { status: 500 }, ending: 'hang' }),
  trickle: (sandbox, call, { bytesPerSecond }) => ({
    answer: sandbox.call(call),
    ending: 'trickle',
    paceMs: 1000 / bytesPerSecond,
  }),
  'gateway-error': (sandbox, call, { status, effect }) => {
    if (effect) sandbox.call(call);
    return whole(gatewayPage(status));
  },
  '503-html': () => whole(gatewayPage(503)),
  '500-before-commit': (sandbox, _call, { text }) => whole(sandbox.model.faultAnswers.failure(text)),
  '500-after-commit': (sandbox, call, { text }) => {
    sandbox.call(call);
    return whole(sandbox.model.faultAnswers.failure(text));
  },
  'timeout-expired': (sandbox, call, { effect }) => {
    if (effect) sandbox.call(call);
    return whole(sandbox.model.faultAnswers.timeoutExpired);
  },
  'delayed-apply': (sandbox, call, { seconds }) => whole(sandbox.callLater(call, seconds)),
  'stale-reads': (sandbox, call, { seconds }) => whole(sandbox.callStale(call, seconds)),
  '429': (sandbox, _call, fault) => whole(limited(sandbox, fault)),
  slow: (sandbox, call) => whole(sandbox.call(call)),
  inject: (sandbox, call) => whole(sandbox.call(call)),
};

/** Executes a call under the faults that hit it. Delays are the caller's business. */
export function performCall(sandbox: Sandbox, call: PsaCall, faults: readonly Fault[]): Performance {
  for (const fault of faults) if (fault.kind === 'inject') inject(sandbox, fault);
  const fault = faults.find((candidate) => !isCompanion(candidate));
  if (fault === undefined) return whole(sandbox.call(call));
  // The table is total over kinds; TypeScript cannot pair a union's member with its own entry.
  return (PERFORMERS[fault.kind] as Performer<FaultKind>)(sandbox, call, fault);
}

function inject(sandbox: Sandbox, fault: Extract<Fault, { kind: 'inject' }>): void {
  const trusted = { by: 'fault', isTrusted: true } as const;
  if (fault.call) sandbox.call(toPsaCall(fault.call), trusted);
  if (fault.adjustment) sandbox.call(sandbox.model.adjustmentCall(fault.adjustment), trusted);
}

function limited(sandbox: Sandbox, fault: Extract<Fault, { kind: '429' }>): PsaAnswer {
  const answer = fault.body === 'html' ? gatewayPage(429) : sandbox.model.faultAnswers.tooManyRequests;
  if (fault.retryAfter === undefined) return answer;
  const at = new Date(sandbox.now().getTime() + fault.retryAfter * 1000);
  const value = fault.retryAfterForm === 'date' ? at.toUTCString() : String(fault.retryAfter);
  return { ...answer, headers: { ...answer.headers, 'retry-after': value } };
}
