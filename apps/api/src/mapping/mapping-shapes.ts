import { code, codeName, customerMapping, printableText, productMapping } from '@trueup/contracts';
import { z } from 'zod';
import { calendarDay } from '../http/calendar-day.js';
import { pageOf } from '../http/page.js';

const maxRows = 200;

export const customerMappings = z
  .array(customerMapping.extend({ validFrom: calendarDay }))
  .min(1, 'Must hold at least one row; DELETE ends a mapping')
  .max(maxRows)
  .meta({
    id: 'CustomerMappings',
    examples: [[{ connectionId: 'con_0198a', billingIdentifier: '174', validFrom: '2026-03-01' }]],
  });

export const productMappings = z
  .array(productMapping.extend({ validFrom: calendarDay }))
  .min(1, 'Must hold at least one row; DELETE ends a mapping')
  .max(maxRows)
  .meta({ id: 'ProductMappings', examples: [[{ connectionId: 'con_0198a', psaProductRef: '29', validFrom: '2026-03-01' }]] });

/** Without `connectionId` every connection's mapping ends. */
export const endQuery = z.strictObject({
  connectionId: printableText(128).optional(),
  onRemove: z
    .enum(['leave', 'zero'])
    .optional()
    .meta({ description: 'leave (default): nothing is written to the PSA; zero: the units are taken out of it, like a removal' }),
});

const unmappedCustomer = z
  .object({ customerCode: code, code: codeName, skus: z.array(z.string()), lines: z.int() })
  .meta({ id: 'UnmappedCustomer' });

export const unmappedPage = pageOf(unmappedCustomer).extend({
  total: z
    .object({ customers: z.int(), lines: z.int() })
    .meta({ description: 'Of all pages: customers that need a mapping, and their lines' }),
});
