import { z } from 'zod';

/** Behaviour that real tenants differ in, or that nobody has recorded; a client must survive every position. */
export const switchesSchema = z.strictObject({
  /** Where a second adjustment for the same contract service and date is refused. */
  sameDateRule: z.enum(['inside-periods', 'always', 'never']).default('inside-periods'),
  /** What a successful adjustment answers as `itemId`. */
  adjustmentItemId: z.enum(['null', 'number']).default('null'),
  /** Last day of a row whose successor begins on D: D itself, or the day before. */
  rowEnd: z.enum(['same-day', 'day-before']).default('same-day'),
  /** What becomes of an adjustment that drives the units below zero on any date. */
  negativeUnits: z.enum(['refuse', 'allow']).default('refuse'),
  /** What becomes of an adjustment that would change a posted row. */
  postedPeriods: z.enum(['refuse', 'accept']).default('refuse'),
  /** How records about contracts look to a restricted user: as if there were none, or 403 to every call. */
  restrictedAccess: z.enum(['empty', 'forbidden']).default('empty'),
  /** Consecutive bad secrets that lock an API user; 0 = never. */
  lockAfterBadLogins: z.int().nonnegative().default(0),
  /** Calls per rolling hour, of all clients together; beyond it every call is refused until the hour has room again. */
  hourlyLimit: z.int().positive().default(10_000),
  /** Factor on the pauses of half a second and a second from half and three quarters of the hourly limit on. */
  latencyScale: z.number().nonnegative().default(1),
  /** Calls at once per integration code and endpoint. */
  threadLimit: z.int().positive().default(3),
  /** Status of the refusals of both limits. */
  limitStatus: z.union([z.literal(429), z.literal(500)]).default(500),
  /** Path segment before `ATServicesRest` in the zone's address. */
  zonePrefix: z
    .string()
    .regex(/^[a-z0-9-]+$/i)
    .default('zone7'),
  /** Whether API calls must come under the zone's address; elsewhere they get 401. */
  strictZone: z.boolean().default(false),
});

export type Switches = z.infer<typeof switchesSchema>;

export const defaultSwitches: Switches = switchesSchema.parse({});
