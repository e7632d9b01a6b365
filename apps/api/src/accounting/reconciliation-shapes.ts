import { quantity } from '@trueup/contracts';
import { z } from 'zod';
import type { EventCounts, Unexplained } from './event-account.js';
import { type LineAccount, LINE_STATES } from './line-account.js';
import type { QuantityAccount } from './quantity-account.js';
import type { TenantAccount } from './read-accounts.js';
import { GRACE_MS } from './time-scale.js';

/** Differences are told one by one up to this many. */
const MOST_TOLD = 50;
/** Hours are told one by one up to this many, the newest first; one that does not agree is told however old it is. */
const MOST_HOURS = 48;

const count = z.int().nonnegative();
const since = z.string().nullable();
const unexplained = z.object({ count, since: since.meta({ description: 'Since when the oldest has been there' }) });
const lineCount = z.object({ lines: count, units: quantity });
const eventCounts = z.object({
  accepted: count,
  unacknowledged: count.meta({ description: 'In the log, though no sender was told so. Never a loss' }),
  applied: count,
  duplicate: count,
  quarantined: count.meta({ description: 'Waiting for a person, or discarded' }),
  inFlight: count,
  unexplained: count,
});

export const reconciliation = z
  .object({
    checkedAt: z.string().nullable().meta({ description: 'When the last check compared the accounts; null before the first' }),
    graceMinutes: z.int().meta({ description: 'A difference that is younger is in flight, an older one unexplained' }),
    isExplained: z.boolean().meta({ description: 'Whether nothing is unexplained' }),
    unexplained: z
      .object({ events: unexplained, stored: unexplained, lines: unexplained, quantities: unexplained })
      .meta({ description: 'stored: counters that the stored rows do not bear out' }),
    events: eventCounts
      .extend({ hours: z.array(eventCounts.extend({ from: z.string(), to: z.string() })) })
      .meta({ description: 'accepted + unacknowledged = applied + duplicate + quarantined + inFlight + unexplained' }),
    lines: z
      .object({
        desired: lineCount,
        ...(Object.fromEntries(LINE_STATES.map((state) => [state, lineCount])) as Record<
          (typeof LINE_STATES)[number],
          typeof lineCount
        >),
        inFlight: lineCount,
        unexplained: lineCount,
        unknown: lineCount.meta({ description: 'Lines that change-control bills and billing never sent' }),
        differing: z.array(z.object({ lineKey: z.string(), customerCode: z.string(), units: quantity, since: z.string() })),
      })
      .meta({ description: 'desired + unknown = the sum of all others' }),
    quantities: z.object({
      rows: z.object({ lines: count, rows: quantity, targets: quantity }).nullable().meta({
        description: 'Units of the billing rows today, and of the line targets. Null before the first day of billing is over',
      }),
      parts: z.object({ targets: quantity, counting: quantity, parts: quantity }).nullable().meta({
        description: 'targets + counting = parts, of lines that a PSA is to bill. counting: what counting present or peak adds',
      }),
      schedules: z
        .object({
          ...{ agreementLines: count, parts: quantity, left: quantity, offset: quantity, floor: quantity, withheld: quantity },
          schedules: quantity,
        })
        .nullable()
        .meta({ description: 'parts + left + offset + floor - withheld = schedules' }),
      differing: z.array(z.object({ between: z.enum(['rows', 'parts', 'schedule']), key: z.string(), since: z.string() })),
    }),
  })
  .meta({ id: 'Reconciliation' });

/** The answer for one tenant. */
export function toReconciliation(
  { events, lines, quantities }: TenantAccount,
  checkedAt: Date | null,
): z.output<typeof reconciliation> {
  const findings = { events: events.events, stored: events.stored, lines: lines.lines, quantities: quantities.quantities };
  return {
    checkedAt: checkedAt?.toISOString() ?? null,
    graceMinutes: GRACE_MS / 60_000,
    isExplained: Object.values(findings).every((one) => one.count === 0),
    unexplained: {
      events: shown(findings.events),
      stored: shown(findings.stored),
      lines: shown(findings.lines),
      quantities: shown(findings.quantities),
    },
    events: { ...events.total, hours: shownHours(events.hours) },
    lines: shownLines(lines),
    quantities: shownQuantities(quantities),
  };
}

const shown = ({ count: size, since: at }: Unexplained) => ({ count: size, since: at?.toISOString() ?? null });

function shownHours(hours: readonly (EventCounts & { from: Date; to: Date })[]) {
  const newest = hours.slice(-MOST_HOURS);
  const odd = hours.slice(0, -MOST_HOURS).filter(({ inFlight, unexplained: lost }) => inFlight + lost > 0);
  const told = [...odd.slice(-MOST_HOURS), ...newest].reverse();
  return told.map((hour) => ({ ...hour, from: hour.from.toISOString(), to: hour.to.toISOString() }));
}

function shownLines({ desired, states, inFlight, unexplained: lost, unknown, differing }: LineAccount) {
  const told = differing.slice(0, MOST_TOLD).map((line) => ({ ...line, since: line.since.toISOString() }));
  return { desired, ...states, inFlight, unexplained: lost, unknown, differing: told };
}

function shownQuantities({ rows, parts, schedules, differing }: QuantityAccount) {
  return {
    rows: rows && { lines: rows.lines, rows: rows.rows, targets: rows.targets },
    parts: parts && { targets: parts.targets, counting: parts.counting, parts: parts.parts },
    schedules: schedules && withoutList(schedules),
    differing: differing.slice(0, MOST_TOLD).map((one) => ({ ...one, since: one.since.toISOString() })),
  };
}

function withoutList({ tenantId: _tenantId, differing: _differing, ...rest }: NonNullable<QuantityAccount['schedules']>) {
  return rest;
}
