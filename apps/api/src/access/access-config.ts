import { readFileSync } from 'node:fs';
import { MasterKey } from '@trueup/access';
import { Secret, secretText } from '@trueup/service';
import { z } from 'zod';

const masterKeyText = secretText.refine(
  (key) => isMasterKey(key.reveal()),
  'Must be base64 of 32 bytes, e.g. of openssl rand -base64 32',
);

const masterKeyTexts = z
  .string()
  .default('')
  .transform((text) => text.split(/[\s,]+/).filter(Boolean))
  .refine((keys) => keys.every(isMasterKey), 'Must be base64 of 32 bytes each, several separated by commas or lines')
  .transform((keys) => keys.map((key) => new Secret(key)));

/** Variables that hold the keys of the house. A `…_FILE` names a file that has the value. */
export const accessConfig = {
  /** Wraps and signs whatever is new. */
  TRUEUP_MASTER_KEY: z.preprocess((text) => text ?? fileOf('TRUEUP_MASTER_KEY_FILE'), masterKeyText),
  /** The keys before it, while something is still wrapped or signed by them. */
  TRUEUP_MASTER_KEY_PREVIOUS: z.preprocess((text) => text ?? fileOf('TRUEUP_MASTER_KEY_PREVIOUS_FILE'), masterKeyTexts),
  /** Where the audit's anchors are kept besides the database. */
  TRUEUP_AUDIT_ANCHOR_FILE: z.string().min(1).optional(),
};

/** The master key with those before it. */
export function masterKeyOf(config: z.output<z.ZodObject<typeof accessConfig>>): MasterKey {
  const previous = config.TRUEUP_MASTER_KEY_PREVIOUS.map((key) => key.reveal());
  return MasterKey.fromBase64(config.TRUEUP_MASTER_KEY.reveal(), previous);
}

function isMasterKey(text: string): boolean {
  return Buffer.from(text, 'base64').length === 32;
}

function fileOf(name: string): string | undefined {
  const file = process.env[name];
  if (!file) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return `${file} cannot be read`; // is no key, and is refused together with all other problems
  }
}
