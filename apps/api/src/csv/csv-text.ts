/** A body that came as text/csv; a class of its own, so that no route takes it for JSON. */
export class CsvText {
  constructor(readonly text: string) {}
}

/** The text of a body, or null when its bytes are no UTF-8: another encoding read as UTF-8 would spoil names silently. */
export function toCsvText(bytes: Uint8Array): CsvText | null {
  try {
    return new CsvText(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return null; // the decoder's way to say so
  }
}
