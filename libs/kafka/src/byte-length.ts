/** Up to here a loop is quicker than a call into native code; also the longest text whose zigzag length is one byte. */
export const SHORT_TEXT = 63;
export const LAST_ASCII = 0x7f;

/** Bytes of a text in UTF-8. Nearly every header is short and plain, and a record has a dozen. */
export function byteLength(text: string): number {
  if (text.length > SHORT_TEXT) return Buffer.byteLength(text);
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > LAST_ASCII) return Buffer.byteLength(text);
  return text.length;
}
