/** How a request carries its events (CloudEvents HTTP binding 3). */
export type ContentMode = 'single' | 'batch' | 'binary';

const MODES = new Map<string, ContentMode>([
  ['application/cloudevents+json', 'single'],
  ['application/cloudevents-batch+json', 'batch'],
  ['application/json', 'binary'],
]);
const CHARSET = /^charset="?utf-8"?$/;

/** The mode that a Content-Type asks for; null for other types, and for text in anything but UTF-8. */
export function contentModeOf(contentType: string): ContentMode | null {
  const known = MODES.get(contentType);
  if (known !== undefined) return known;
  const [type, ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const isUtf8 = parameters.every((parameter) => !parameter.startsWith('charset') || CHARSET.test(parameter));
  return isUtf8 ? (MODES.get(type!) ?? null) : null;
}
