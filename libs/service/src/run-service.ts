import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { AdminServer } from './admin-server.js';
import { clock } from './clock.js';
import { adminConfig, readConfig } from './config.js';
import { crashAt } from './crash-point.js';
import { createLogger, type Logger } from './logger.js';
import { ServiceHealth } from './service-health.js';
import { watchServers } from './watch-requests.js';

/** Orchestrators kill after ten seconds; what we say last must still be heard. */
const STOP_WITHIN_MS = 9_500;
const TRACES_WITHIN_MS = 1_000;

export interface ServiceContext<C> {
  name: string;
  config: C;
  logger: Logger;
  health: ServiceHealth;
  /** Ends the process with 1 after logging: for a loop that cannot go on (an orchestrator starts it again). */
  fail(reason: string, error?: unknown): void;
}

export interface RunningService {
  /** Finishes what is in flight and lets go of everything; must end within ten seconds. */
  stop(): Promise<void>;
}

export interface ServiceOptions<S extends z.ZodRawShape> {
  name: string;
  /** Variables of this service besides the admin ones, e.g. `{...kafkaConfig, ...databaseConfig}`. */
  config: S;
  start(context: ServiceContext<z.output<z.ZodObject<S & typeof adminConfig>>>): Promise<RunningService>;
}

/**
 * The frame of every process: config, logs, admin side, start, and an orderly stop on SIGTERM or SIGINT. A start that fails is logged
 * and ends the process with 1.
 */
export async function runService<S extends z.ZodRawShape>(options: ServiceOptions<S>): Promise<void> {
  const schema = z.object({ ...options.config, ...adminConfig }).check(refuseCrashes);
  const config = readConfig(schema) as z.output<z.ZodObject<S & typeof adminConfig>>;
  const admin = config as z.output<z.ZodObject<typeof adminConfig>>;
  const logger = createLogger(options.name, admin.TRUEUP_LOG_LEVEL);
  const health = new ServiceHealth();
  const fail = failer(logger);
  clock.moveTo(admin.TRUEUP_CLOCK_OFFSET_MS);
  crashAt({ die: admin.TRUEUP_CRASH_AT, freeze: admin.TRUEUP_FREEZE_AT });
  process.on('unhandledRejection', (error) => fail('a promise was rejected and nobody looked', error));
  process.on('uncaughtException', (error) => fail('an error was thrown and nobody caught it', error));

  watchServers();
  const stopTracing = await startTracing(options.name, admin);

  let stage: 'starting' | 'started' | 'stopping' = 'starting';
  health.ready('stage', () => (stage === 'started' ? null : stage));
  const server = new AdminServer({
    host: admin.TRUEUP_ADMIN_HOST,
    port: admin.TRUEUP_ADMIN_PORT,
    health,
    isClockMovable: admin.TRUEUP_TEST_CLOCK === '1',
  });
  try {
    const adminPort = await server.start();
    const service = await options.start({ name: options.name, config, logger, health, fail });
    stage = 'started';
    const leave = (): Promise<void> => Promise.resolve(void (stage = 'stopping'));
    stopOnSignal([leave, () => service.stop(), stopTracing, () => server.stop()], logger);
    // Whoever reads this line may tell the service to stop.
    logger.info({ adminPort }, 'service started');
  } catch (error) {
    fail('the service could not start', error);
  }
}

/** No process outside tests dies or stands still by order, whatever its environment says. */
function refuseCrashes({ value, issues }: z.core.ParsePayload<object>): void {
  const config = value as Partial<z.output<z.ZodObject<typeof adminConfig>>>;
  if (config.TRUEUP_TEST_CLOCK === '1') return;
  const message = 'is for tests, and needs TRUEUP_TEST_CLOCK=1';
  for (const name of ['TRUEUP_CRASH_AT', 'TRUEUP_FREEZE_AT'] as const) {
    if (config[name] !== undefined) issues.push({ code: 'custom', path: [name], message, input: config[name].at });
  }
}

/** Returns how to send the spans that are left; they are never worth failing for. */
async function startTracing(service: string, config: z.output<z.ZodObject<typeof adminConfig>>): Promise<() => Promise<void>> {
  const url = config.TRUEUP_OTLP_URL ?? config.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (url === undefined) return () => Promise.resolve();
  const { startOpenTelemetry } = await import('./open-telemetry.js');
  const stop = startOpenTelemetry({ service, url });
  return () => Promise.race([stop().catch(() => undefined), wait(TRACES_WITHIN_MS, undefined, { ref: false })]);
}

function stopOnSignal(steps: readonly (() => Promise<void>)[], logger: Logger): void {
  let isStopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    logger.info({ signal }, 'service stopping');
    setTimeout(() => failer(logger)('the service did not stop in time'), STOP_WITHIN_MS).unref();
    for (const step of steps) await step();
    logger.info('service stopped');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      stop(signal).catch((error: unknown) => {
        logger.error({ err: error }, 'stopping failed');
        process.exit(1);
      });
    });
  }
}

function failer(logger: Logger): (reason: string, error?: unknown) => void {
  return (reason, error) => {
    logger.fatal({ err: error }, reason);
    process.exit(1);
  };
}
