import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Options {
  /** Ids of faults, each run alone; a `+` joins two into one run. */
  faults: readonly string[];
  lane?: 'short' | 'long';
  seeds?: readonly number[];
  /** Folder of a runtime that runs already; it is neither started nor stopped. */
  home?: string;
  /** Where the JSON file goes. */
  out?: string;
  portBase: number;
  /** How long random pairs of faults run after the rest. */
  pairsMs: number;
}

const PORT_BASE = 23_400;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** Reads `--fault F13 --seed 7` and the like; throws with a sentence for the person who typed it. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: args.filter((arg, index) => index > 0 || arg !== 'faults'),
    options: {
      fault: { type: 'string', multiple: true },
      lane: { type: 'string' },
      seed: { type: 'string' },
      seeds: { type: 'string' },
      home: { type: 'string' },
      out: { type: 'string' },
      'port-base': { type: 'string' },
      pairs: { type: 'string' },
    },
  });
  const seeds = values.seeds ?? values.seed;
  const faults = (values.fault ?? []).flatMap((text) => text.split(','));
  if (faults.length === 0 && values.lane === undefined && values.pairs === undefined) {
    throw new Error('Say what to run: --fault F13 [--seed 7], --lane short|long, or --pairs 60m');
  }
  return {
    faults,
    ...(values.lane !== undefined && { lane: laneOf(values.lane) }),
    ...(seeds !== undefined && { seeds: seeds.split(',').map(wholeNumber) }),
    ...(values.home !== undefined && { home: values.home }),
    ...(values.out !== undefined && { out: values.out }),
    portBase: values['port-base'] === undefined ? PORT_BASE : wholeNumber(values['port-base']),
    pairsMs: values.pairs === undefined ? 0 : duration(values.pairs),
  };
}

function laneOf(text: string): 'short' | 'long' {
  if (text === 'short' || text === 'long') return text;
  throw new Error(`There is no lane ${text}: short or long`);
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`${text} is no whole number`);
}

function duration(text: string): number {
  const match = /^(\d+)([smh])$/.exec(text);
  if (match === null) throw new Error(`${text} is no duration: 90s, 60m or 1h`);
  return Number(match[1]) * UNIT_MS[match[2]!]!;
}
