import { z } from 'zod';
import { plainDate } from '../plain-date.js';
import { quantity } from '../quantity.js';
import { printableText } from '../text.js';

/**
 * What a person decides about an agreement line whose quantity in the PSA is not ours. `overwrite` writes ours from `from` on and takes
 * no quantity; `adopt` keeps theirs as an offset (`quantity`, if given, is the offset in units); `exclude` leaves the line alone.
 * For a line that cannot be read, `quantity` is what the PSA holds.
 */
export const resolution = z.strictObject({
  choice: z.enum(['overwrite', 'adopt', 'exclude']),
  quantity: quantity.optional(),
  reason: printableText(500),
  from: plainDate,
  to: plainDate.optional(),
});

export type Resolution = z.output<typeof resolution>;

/** Units that a closed and confirmed period should have had, with dates; listed for a one-off charge or a person. `to` is the first day after them. */
export const correction = z.object({
  id: z.string(),
  connectionId: z.string(),
  agreementLineKey: z.string(),
  periodId: plainDate,
  units: quantity,
  from: plainDate,
  to: plainDate,
  state: z.enum(['listed', 'scheduled', 'delivered', 'done', 'withdrawn']),
  reason: z.enum(['late', 'date-taken', 'date-shifted', 'posted']),
  message: z.string(),
  causes: z.array(z.unknown()),
  createdAt: z.string(),
});

export type Correction = z.output<typeof correction>;
