import { createHash } from 'node:crypto';
import { canonicalJson } from '@trueup/contracts';
import { CsvText } from '../csv/csv-text.js';

const longest = 16 * 1024;
const secretName = /passw|secret|token|credential|api_?key|authorization/i;

/** A request's body as the audit keeps it: no secret's value, and of a large one only what tells it from others. */
export function toldBody(body: unknown, isSecret: boolean): unknown {
  if (body === undefined || body === null) return undefined;
  if (body instanceof CsvText) return fingerprintOf(body.text);
  if (isSecret) return { names: Object.keys(body).toSorted() };
  const open = withoutSecrets(body);
  const text = canonicalJson(open);
  return text.length > longest ? fingerprintOf(text) : open;
}

function fingerprintOf(text: string): { bytes: number; sha256: string } {
  return { bytes: Buffer.byteLength(text), sha256: createHash('sha256').update(text).digest('hex') };
}

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [
    name,
    isHidden(name, member) ? '[secret]' : withoutSecrets(member),
  ]);
  return Object.fromEntries(members);
}

function isHidden(name: string, member: unknown): boolean {
  return typeof member === 'string' && secretName.test(name);
}
