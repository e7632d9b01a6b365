import type { Admission, CallLoad } from '../admin/psa-model.js';
import type { PsaAnswer, PsaCall } from '../admin/psa-call.js';
import { parseApiPath } from './api-path.js';
import { applicationError } from './refusal.js';
import type { Switches } from './switches.js';

/** Share of the hourly limit from which calls get slower, highest first. */
const LATENCY_STEPS = [
  { from: 0.75, delayMs: 1000 },
  { from: 0.5, delayMs: 500 },
];

/** Nobody signs in to these: they belong to no customer's database. */
const WITHOUT_LIMITS: ReadonlySet<string> = new Set(['zoneinformation', 'versioninformation']);

/** Integration code and endpoint, by which concurrent calls are limited; undefined for calls that no limit knows. */
export function threadOf({ path, headers }: PsaCall): string | undefined {
  const [endpoint = ''] = parseApiPath(path).segments;
  return WITHOUT_LIMITS.has(endpoint) ? undefined : `${headers['apiintegrationcode'] ?? ''} ${endpoint}`;
}

/** Takes a call, later the more of the hour is used up, or refuses it. */
export function admit({ running, callsInLastHour }: CallLoad, switches: Switches): Admission {
  const { hourlyLimit, threadLimit, latencyScale } = switches;
  if (callsInLastHour > hourlyLimit) return { reason: 'suspended', refusal: limited(switches, SUSPENDED(hourlyLimit)) };
  if (running > threadLimit) return { reason: 'threads', refusal: limited(switches, THREADS(threadLimit)) };
  const step = LATENCY_STEPS.find(({ from }) => callsInLastHour >= from * hourlyLimit);
  return { delayMs: (step?.delayMs ?? 0) * latencyScale };
}

const SUSPENDED = (limit: number) =>
  `The request threshold of ${limit} requests per 60 minutes has been exceeded. The API is suspended.`;
const THREADS = (limit: number) => `The thread threshold of ${limit} threads has been exceeded for this endpoint. (Itgenatr005)`;

function limited({ limitStatus }: Switches, text: string): PsaAnswer {
  return { ...applicationError(text), status: limitStatus };
}
