import { z } from 'zod';
import { crashOrder } from './crash-point.js';
import { Secret } from './secret.js';

const port = z.coerce.number().int().min(0).max(65_535);
const hostAndPort = /^(\[[0-9a-f:]+\]|[^\s:,[\]]+):\d{1,5}$/i;

/** A list of texts separated by commas; empty members are dropped. */
export const commaList = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

/** A secret text from the environment. */
export const secretText = z
  .string()
  .min(1)
  .transform((text) => new Secret(text));

export const kafkaConfig = {
  TRUEUP_KAFKA_BROKERS: commaList.refine(
    (brokers) => brokers.length > 0 && brokers.every((broker) => hostAndPort.test(broker)),
    'Must be host:port, several separated by commas',
  ),
};

const databaseUrl = z.string().regex(/^postgres(ql)?:\/\//, 'Must be a postgres:// address');

export const databaseConfig = {
  /** Of the role whose work is across tenants; without the next one it owns the tables, too. */
  TRUEUP_DATABASE_URL: databaseUrl,
  /** Of the role that owns the tables, used for their migrations alone: then row-level security holds the others. */
  TRUEUP_DATABASE_OWNER_URL: databaseUrl.optional(),
};

export const tenantDatabaseConfig = {
  /** Of the role that sees one tenant at a time; the one above where there is none. */
  TRUEUP_DATABASE_APP_URL: databaseUrl.optional(),
};

export const redisConfig = {
  TRUEUP_REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'Must be a redis:// address')
    .optional(),
};

export const httpConfig = {
  TRUEUP_HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  TRUEUP_HTTP_PORT: port,
};

/** What every process reads: where its admin side listens, how loud it logs, and its clock. */
export const adminConfig = {
  TRUEUP_ADMIN_HOST: z.string().min(1).default('127.0.0.1'),
  TRUEUP_ADMIN_PORT: port,
  TRUEUP_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
  TRUEUP_TEST_CLOCK: z.enum(['0', '1']).default('0'),
  TRUEUP_CLOCK_OFFSET_MS: z.coerce.number().int().default(0),
  /** For fault tests: the step at which the process kills itself. */
  TRUEUP_CRASH_AT: crashOrder.optional(),
  /** For fault tests: the step at which the process stands still until it gets SIGCONT. */
  TRUEUP_FREEZE_AT: crashOrder.optional(),
  /** Where spans are sent (OTLP over HTTP, base address); without one nothing is traced. The second name is OpenTelemetry's own. */
  TRUEUP_OTLP_URL: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
};

/**
 * Reads the environment once. Every problem is printed at once and the process exits with 1; with `--check-config` on the command line
 * a sound configuration ends the process with 0. Empty variables count as absent.
 */
export function readConfig<T extends z.ZodType>(schema: T, env: NodeJS.ProcessEnv = process.env): z.output<T> {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(present);
  if (!result.success) {
    process.stderr.write(`The configuration has ${result.error.issues.length} problem(s):\n${describe(result.error)}\n`);
    process.exit(1);
  }
  if (process.argv.includes('--check-config')) {
    process.stdout.write('The configuration is sound.\n');
    process.exit(0);
  }
  return result.data;
}

function describe(error: z.ZodError): string {
  return error.issues.map((issue) => `  ${issue.path.join('.') || '(environment)'}: ${detailOf(issue)}`).join('\n');
}

function detailOf(issue: z.core.$ZodIssue): string {
  return / received (undefined|NaN)$/.test(issue.message) && issue.code === 'invalid_type' ? 'is required' : issue.message;
}
