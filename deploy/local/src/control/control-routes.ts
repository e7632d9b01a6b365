import { z } from 'zod';
import type { Fleet } from '../services/fleet.js';
import type { SupervisedProcess } from '../services/supervised-process.js';
import { ControlProblem } from './control-problem.js';
import type { ControlRoute } from './control-server.js';
import { addDuration, parseIsoDuration } from './iso-duration.js';
import { readBody } from './read-body.js';
import type { RuntimeClock } from './runtime-clock.js';
import { fromLeftToRight, whenSettled } from './settled.js';

export interface Controlled {
  readonly fleet: Fleet;
  readonly clock: RuntimeClock;
  readonly hasTestClock: boolean;
}

const signals = [
  'SIGTERM',
  'SIGINT',
  'SIGKILL',
  'SIGQUIT',
  'SIGHUP',
  'SIGABRT',
  'SIGSTOP',
  'SIGCONT',
  'SIGUSR1',
  'SIGUSR2',
] as const;
const signalBody = z.strictObject({ signal: z.enum(signals) });
const environmentName = z.string().regex(/^TRUEUP_[A-Z_]+$/, 'Only TRUEUP_ variables');
const restartBody = z.strictObject({ environment: z.record(environmentName, z.string()).optional() });
const settledBody = z.strictObject({ timeoutSeconds: z.number().min(0).max(3600).default(60) });
const duration = z.string().refine((text) => parseIsoDuration(text) !== null, 'Must be an ISO 8601 duration, e.g. P1M or PT90S');
const clockBody = z.union(
  [z.strictObject({ set: z.iso.datetime({ offset: true }) }), z.strictObject({ advance: duration })],
  'Must be {"set": RFC 3339 instant} or {"advance": ISO 8601 duration}',
);

/** Everything that the control side can do. */
export function controlRoutes(controlled: Controlled): ControlRoute[] {
  return [
    statusRoute(controlled),
    signalRoute(controlled),
    restartRoute(controlled),
    clockRoute(controlled),
    settledRoute(controlled),
  ];
}

function statusRoute({ fleet, clock }: Controlled): ControlRoute {
  return {
    method: 'GET',
    path: /^\/status$/,
    handle: async () => ({
      body: {
        now: clock.now().toISOString(),
        processes: fleet.services.map(report),
        infrastructure: fleet.infrastructure.map(report),
      },
    }),
  };
}

function signalRoute({ fleet }: Controlled): ControlRoute {
  return {
    method: 'POST',
    path: /^\/processes\/([^/]+)\/([^/]+)\/signal$/,
    handle: async (request, parts) => {
      const process = find(fleet, parts);
      const { signal } = await readBody(request, signalBody);
      if (!process.signal(signal))
        throw new ControlProblem('conflict', { detail: `${process.name} is not running; restart it first` });
      if (signal === 'SIGKILL') await process.whenDown(2_000); // nothing can refuse it, so the answer may say "down"
      return { body: report(process) };
    },
  };
}

function restartRoute({ fleet }: Controlled): ControlRoute {
  return {
    method: 'POST',
    path: /^\/processes\/([^/]+)\/([^/]+)\/restart$/,
    handle: async (request, parts) => {
      const process = find(fleet, parts);
      const { environment } = await readBody(request, restartBody);
      await process.restart(environment);
      await process.whenReady(20_000); // it may wait for a part that is away: the state in the answer says so
      return { body: report(process) };
    },
  };
}

function clockRoute({ fleet, clock, hasTestClock }: Controlled): ControlRoute {
  return {
    method: 'POST',
    path: /^\/clock$/,
    handle: async (request) => {
      if (!hasTestClock)
        throw new ControlProblem('conflict', { detail: 'The clock is real; start with npm start -- --test-clock' });
      const wanted = await readBody(request, clockBody);
      clock.moveTo('set' in wanted ? new Date(wanted.set) : addDuration(clock.now(), parseIsoDuration(wanted.advance)!));
      const unmoved = await fleet.moveClocks(clock.offsetMs);
      if (unmoved.length > 0) throw new ControlProblem('dependency-unavailable', { detail: `Not moved: ${unmoved.join(', ')}` });
      return { body: { now: clock.now().toISOString() } };
    },
  };
}

function settledRoute({ fleet }: Controlled): ControlRoute {
  return {
    method: 'POST',
    path: /^\/settled$/,
    handle: async (request) => {
      const { timeoutSeconds } = await readBody(request, settledBody);
      const settled = await whenSettled(fromLeftToRight(fleet.services), { timeoutMs: timeoutSeconds * 1000 });
      return { status: settled.settled ? 200 : 409, body: settled };
    },
  };
}

function find(fleet: Fleet, [service, replica]: readonly string[]): SupervisedProcess {
  const process = fleet.all.find((one) => one.service === service && String(one.replica) === replica);
  if (process === undefined)
    throw new ControlProblem('not-found', { detail: `There is no process ${service}/${replica}; see GET /status` });
  return process;
}

function report({ service, replica, pid, state }: SupervisedProcess) {
  return { service, replica, pid, state };
}
