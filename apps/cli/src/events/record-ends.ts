import type { RecordEnds } from './piece.js';

const LF = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** Every line is a record. */
export function lineEnds(): RecordEnds {
  return { isEnd: (byte) => byte === LF };
}

/**
 * The elements of a JSON array, however they are spread over lines: a piece ends behind the opening bracket, behind each comma between
 * elements, and behind the closing bracket. `isInside`: reading begins behind the opening bracket.
 */
export function arrayElementEnds(isInside: boolean): RecordEnds {
  let depth = isInside ? 1 : 0;
  let isText = false;
  let isEscaped = false;
  const inText = (byte: number): void => {
    if (isEscaped) isEscaped = false;
    else if (byte === BACKSLASH) isEscaped = true;
    else if (byte === QUOTE) isText = false;
  };
  return {
    isEnd(byte) {
      if (isText) inText(byte);
      else if (byte === QUOTE) isText = true;
      else if (OPENING.has(byte)) return ++depth === 1;
      else if (CLOSING.has(byte)) return --depth === 0;
      else return byte === COMMA && depth === 1;
      return false;
    },
  };
}

/** The rows of a CSV file: a line break inside quotes belongs to its cell. A quote counts only where a cell begins. */
export function csvRowEnds(delimiter: string): RecordEnds {
  const separator = delimiter.charCodeAt(0);
  let isQuoted = false;
  let isCellStart = true;
  let hasJustClosed = false;
  return {
    isEnd(byte) {
      if (isQuoted) {
        hasJustClosed = byte === QUOTE;
        isQuoted = !hasJustClosed;
        return false;
      }
      isQuoted = byte === QUOTE && (isCellStart || hasJustClosed);
      hasJustClosed = false;
      const isEnd = byte === LF;
      // A byte order mark stands before the first cell and is no part of it.
      isCellStart = byte === separator || isEnd || (isCellStart && (byte === 0xef || byte === 0xbb || byte === 0xbf));
      return isEnd;
    },
  };
}
