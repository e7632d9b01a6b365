import { code, codeName, printableText } from '@trueup/contracts';
import { z } from 'zod';

export const refresh = z
  .enum(['true', 'false'])
  .optional()
  .meta({ description: 'true: asks the PSA for its accounts and products again and waits for them' });
export const suggestionQuery = z.strictObject({ connectionId: printableText(64), refresh });

const looks = {
  name: z.string(),
  score: z.number().min(0).max(1),
  reason: z.enum(['same-identifier', 'same-name', 'similar-name']),
};
const account = z.object({ billingIdentifier: z.string(), ...looks }).meta({ id: 'SuggestedAccount' });
const product = z.object({ psaProductRef: z.string(), ...looks }).meta({ id: 'SuggestedProduct' });
const doubt = z
  .enum(['several-alike', 'wanted-twice', 'mapped-already', 'too-different'])
  .optional()
  .meta({ description: 'Why nothing is suggested though there are candidates' });

const customerSuggestion = z
  .object({ customerCode: code, name: z.string(), suggestion: account.nullable(), doubt, candidates: z.array(account) })
  .meta({ id: 'CustomerSuggestion' });
const productSuggestion = z
  .object({ sku: code, names: z.array(z.string()), suggestion: product.nullable(), doubt, candidates: z.array(product) })
  .meta({ id: 'ProductSuggestion' });

/** How new what the PSA said is. */
export const reading = {
  readAt: z.string().nullable().meta({ description: 'When the PSA was asked for what it has; null: never' }),
  isOld: z.boolean().meta({ description: 'More than a day has passed since, or the PSA was never asked' }),
  problem: z
    .object({ code: codeName, message: z.string() })
    .optional()
    .meta({ description: 'Why the last request brought no lists' }),
};

export const suggestionsAnswer = z
  .object({
    connectionId: z.string(),
    ...reading,
    customers: z.array(customerSuggestion),
    products: z.array(productSuggestion),
    total: z
      .object({ customers: z.int(), products: z.int() })
      .meta({ description: 'How many wait for a mapping; the lists show the first 500 of each' }),
  })
  .meta({ id: 'MappingSuggestions' });

export type SuggestionsAnswer = z.output<typeof suggestionsAnswer>;
