type RawHeader = Buffer | string | (Buffer | string)[] | undefined;

/** Header values as texts; of a repeated header the last one counts. */
export function toHeaderTexts(raw: Readonly<Record<string, RawHeader>> | undefined): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const name in raw) {
    const value = raw[name];
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined && last !== null) texts[name] = typeof last === 'string' ? last : last.toString('utf8');
  }
  return texts;
}
