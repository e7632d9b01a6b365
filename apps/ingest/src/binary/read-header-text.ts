const PRINTABLE_ASCII = /^[\t\x20-\x7e]*$/;
const QUOTED = /^"((?:[^"\\]|\\.)*)"$/;

/** The text of a `ce-*` header (CloudEvents HTTP binding 3.1.3.2): quotes taken off, percent-decoded once; null when it is neither. */
export function readHeaderText(value: string): string | null {
  if (!PRINTABLE_ASCII.test(value)) return null;
  const quoted = QUOTED.exec(value)?.[1];
  const text = quoted === undefined ? value : quoted.replaceAll(/\\(.)/g, '$1');
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return null; // no percent-encoded UTF-8: the caller points to the attribute
  }
}
