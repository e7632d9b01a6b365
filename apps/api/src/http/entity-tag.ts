import { createHash } from 'node:crypto';
import { canonicalJson } from '@trueup/contracts';

/** The strong entity tag (RFC 9110) of what is shown: equal content, equal tag, on every replica. */
export function entityTagOf(shown: unknown): string {
  return `"${createHash('sha256').update(canonicalJson(shown)).digest('base64url').slice(0, 27)}"`;
}

/** The members of `If-Match` or `If-None-Match`, `*` for any; null when it is no such list. */
export function tagsIn(header: string): readonly string[] | '*' | null {
  const text = header.trim();
  if (text === '*') return '*';
  const isList = /^(W\/)?"[\x21\x23-\x7e]*"(\s*,\s*(W\/)?"[\x21\x23-\x7e]*")*$/.test(text);
  return isList ? [...text.matchAll(/(?:W\/)?"[^"]*"/g)].map(([tag]) => tag) : null;
}
