import { Counter, metrics } from '@trueup/service';
import type { IngestAnswer } from './ingest-answer.js';
import type { Refusal } from './ingest-problem.js';

const events = new Counter({
  name: 'trueup_ingest_events_total',
  help: 'Events of requests that were answered per event. result: accepted = in the log; duplicate = known already; rejected = told why. Refused requests count in trueup_http_requests_total alone',
  labelNames: ['result'],
  registers: [metrics],
});
const RESULTS = ['accepted', 'duplicate', 'rejected'] as const;

/** Counts what became of a request's events, and hands the answer on. */
export function counted(answer: IngestAnswer | Refusal): IngestAnswer | Refusal {
  if (!('problem' in answer)) for (const result of RESULTS) events.inc({ result }, answer[result]);
  return answer;
}
