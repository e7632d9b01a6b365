const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Whether a parsed body holds every name that was written. A name that is repeated is swallowed by parsing, together with its value:
 * then more stands in quotes than the value shows. False also where escapes make the count uncertain, and a closer look is due.
 */
export function hidesNothing(body: Buffer, quoted: number): boolean {
  if (body.includes(BACKSLASH)) return false;
  let quotes = 0;
  for (let at = 0; at < body.length; at++) if (body[at] === QUOTE) quotes += 1;
  return quotes === 2 * quoted;
}
