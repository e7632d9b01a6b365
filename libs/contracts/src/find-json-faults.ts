import { type FieldError, pointerOf } from './problems.js';

interface Frame {
  /** Names seen so far; null in an array. */
  names: Set<string> | null;
  /** The member or element that is being read. */
  at: string | number;
  awaitsName: boolean;
}

const MOST_FAULTS = 20;
const STRING_END = /["\\]/g;

/** Repeated names, and what nests deeper than `maxDepth`, of a text that is known to be JSON; each with its pointer, at most 20. */
export function findJsonFaults(text: string, maxDepth: number): FieldError[] {
  const faults: FieldError[] = [];
  const frames: Frame[] = [];
  for (let at = 0; at < text.length && faults.length < MOST_FAULTS; at++) {
    const character = text[at]!;
    if (character === '"') {
      const end = endOfString(text, at);
      readString(text.slice(at, end), frames, faults);
      at = end - 1;
    } else readMark(character, frames, faults, maxDepth);
  }
  return faults;
}

function readMark(character: string, frames: Frame[], faults: FieldError[], maxDepth: number): void {
  if (character === '{' || character === '[') {
    if (frames.length === maxDepth)
      faults.push({ pointer: pointerTo(frames), detail: `Must nest at most ${maxDepth} levels deep` });
    frames.push(character === '{' ? { names: new Set(), at: '', awaitsName: true } : { names: null, at: 0, awaitsName: false });
  } else if (character === '}' || character === ']') frames.pop();
  else if (character === ',') next(frames.at(-1)!);
}

function next(frame: Frame): void {
  if (frame.names) frame.awaitsName = true;
  else frame.at = (frame.at as number) + 1;
}

function readString(quoted: string, frames: Frame[], faults: FieldError[]): void {
  const frame = frames.at(-1);
  if (!frame?.names || !frame.awaitsName) return;
  const name = JSON.parse(quoted) as string; // one name may be written in several ways, with escapes and without
  frame.at = name;
  frame.awaitsName = false;
  if (frame.names.has(name)) faults.push({ pointer: pointerTo(frames), detail: 'Must be given once' });
  frame.names.add(name);
}

/** The index after the closing quote. */
function endOfString(text: string, start: number): number {
  STRING_END.lastIndex = start + 1;
  while (STRING_END.test(text)) {
    if (text[STRING_END.lastIndex - 1] === '"') return STRING_END.lastIndex;
    STRING_END.lastIndex += 1; // what follows a backslash belongs to it
  }
  return text.length;
}

function pointerTo(frames: readonly Frame[]): string {
  return pointerOf(frames.map(({ at }) => at));
}
