import { z } from 'zod';

const yesOrNo = z.enum(['true', 'false']).optional();

export const importQuery = z.strictObject({
  kind: z.enum(['customers', 'products']).meta({
    description:
      'Columns of customers: customerCode, connectionId, billingIdentifier, agreementRef, validFrom; of products: sku, connectionId, term, billingPlan, siteCode, psaProductRef, agreementRef, validFrom',
  }),
  dryRun: yesOrNo.meta({ description: 'Say what would change and import nothing' }),
  skipBad: yesOrNo.meta({ description: 'Import the good lines although others are bad' }),
});

const target = z.object({ ref: z.string(), agreementRef: z.string().optional() });

/** What an import did, or would do: line numbers are those of the file. */
export const importReport = z
  .object({
    importId: z.string().nullable().meta({ description: 'Takes the import back; null for a dry run' }),
    kind: z.enum(['customers', 'products']),
    dryRun: z.boolean(),
    added: z.int(),
    replaced: z.int(),
    unchanged: z.int(),
    bad: z.int().meta({ description: 'Lines that are left out' }),
    errors: z.array(z.object({ line: z.int(), column: z.string().optional(), detail: z.string() })),
    changes: z.array(
      z.object({
        line: z.int(),
        code: z.string(),
        connectionId: z.string(),
        validFrom: z.string(),
        action: z.enum(['added', 'replaced']),
        before: target.nullable().meta({ description: 'In force on that day now' }),
        after: target,
      }),
    ),
  })
  .meta({ id: 'MappingImport' });

export const undoneImport = z
  .object({ importId: z.string(), kind: z.enum(['customers', 'products']), codes: z.array(z.string()) })
  .meta({ id: 'UndoneMappingImport' });

export type ImportQuery = z.output<typeof importQuery>;
export type ImportReport = z.output<typeof importReport>;
