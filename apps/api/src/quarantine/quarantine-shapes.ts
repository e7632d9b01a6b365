import type { Quarantined } from '@trueup/billing';
import { fromEventRecord, actor, printableText } from '@trueup/contracts';
import { z } from 'zod';
import { pageQuery } from '../http/page.js';

const states = ['waiting', 'releasing', 'released', 'discarded'] as const;

export const quarantineQuery = pageQuery.extend({ state: z.enum(states).optional() });

export const quarantineNote = z
  .strictObject({ note: printableText(500) })
  .meta({ id: 'QuarantineNote', examples: [{ note: 'the source was corrected, ticket 4711' }] });

export const quarantineRecord = z
  .object({
    id: z.string(),
    state: z.enum(states).meta({ description: 'releasing: on its way through the projector again' }),
    reason: z.enum(['invalid', 'event-conflict', 'not-applicable']),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })),
    quarantinedAt: z.string(),
    place: z.object({ topic: z.string(), partition: z.int(), offset: z.string() }),
    event: z.unknown().meta({ description: 'The event, or null when the record is none; then value holds its bytes' }),
    value: z.string().nullable().meta({ description: 'base64' }),
    note: z.string().nullable(),
    decidedBy: actor.nullable(),
    decidedAt: z.string().nullable(),
    outcome: z.enum(['applied', 'duplicate']).nullable().meta({ description: 'What came of its release' }),
  })
  .meta({ id: 'QuarantinedRecord' });

const prefix = 'qua_';

/** The number in the public id; one that no record has when it is no such id. */
export function recordNumberOf(id: string): string {
  return id.startsWith(prefix) ? id.slice(prefix.length) : '';
}

export function toShownRecord(record: Quarantined): z.output<typeof quarantineRecord> {
  const { id, state, reason, errors, origin, note, decidedBy, outcome } = record;
  const found = fromEventRecord(origin);
  const event = 'event' in found ? found.event : null;
  return {
    ...{ id: `${prefix}${id}`, state, reason, errors, note, decidedBy, outcome, event },
    quarantinedAt: record.quarantinedAt.toISOString(),
    place: { topic: origin.topic, partition: origin.partition, offset: origin.offset.toString() },
    value: event === null ? (origin.value?.toString('base64') ?? null) : null,
    decidedAt: record.decidedAt?.toISOString() ?? null,
  };
}
