import { Counter, Histogram, metrics } from '@trueup/service';
import { NoAnswer, type AnswerClass } from './http-answer.js';

const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

const calls = new Counter({
  name: 'trueup_connector_psa_calls_total',
  help: 'Requests sent to the PSA, by what came of them: ok, refused, limited, auth, moved, unknown (an answer that leaves open whether it was executed), cut (no whole answer), unreachable',
  labelNames: ['connection', 'access', 'class'],
  registers: [metrics],
});

const seconds = new Histogram({
  name: 'trueup_connector_psa_call_seconds',
  help: 'Time from the first byte sent to the PSA to its whole answer, or until the call was given up',
  labelNames: ['connection', 'access'],
  buckets: SECONDS,
  registers: [metrics],
});

export type Access = 'read' | 'write';

/** Counts and times one request to the PSA. */
export async function countedCall<T extends { meaning: AnswerClass }>(
  connection: string,
  access: Access,
  send: () => Promise<T>,
): Promise<T> {
  const stop = seconds.startTimer({ connection, access });
  try {
    const judged = await send();
    calls.inc({ connection, access, class: judged.meaning });
    return judged;
  } catch (error) {
    calls.inc({ connection, access, class: error instanceof NoAnswer ? error.fault : 'cut' });
    throw error;
  } finally {
    stop();
  }
}
