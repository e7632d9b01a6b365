import { z } from 'zod';

export type LogLevel = 'Error' | 'Warning' | 'Info' | 'Verbose';
export type CodeOwner = 'finance' | 'desk' | 'sre';

/** What a code means to people: how loud, whose it is, what to do, and the Autotask alias that Atria's users know. */
export interface CodeMeaning {
  level: LogLevel;
  owner: CodeOwner;
  alias?: string;
  remedy?: string;
}

const table = {
  RUN_STARTED: ['Info', 'sre', 'AT01'],
  PSA_UNREACHABLE: ['Error', 'sre', 'AT02', 'Check the base address, the network and the PSA; work waits and goes on by itself'],
  SOURCE_UNREACHABLE: [
    'Error',
    'sre',
    'AT03',
    'Check the services, the broker and the database; work waits and goes on by itself',
  ],
  CUSTOMER_UNMAPPED: ['Warning', 'finance', 'AT04', 'Map the customer to its account in the PSA'],
  CUSTOMER_NOT_FOUND: ['Warning', 'finance', 'AT05', 'Correct the billing identifier in the mapping of the customer'],
  AGREEMENT_NOT_FOUND: [
    'Warning',
    'finance',
    'AT06',
    'Create the recurring agreement in the PSA, or grant the API user sight of contracts',
  ],
  SKU_MISSING: ['Warning', 'finance', 'AT07', 'Give the service a sku in the catalogue, or exclude it by a rule'],
  PRODUCT_NOT_FOUND: ['Warning', 'finance', 'AT08', 'Correct the product reference in the mapping of the sku'],
  LINE_UPDATED: ['Info', 'finance', 'AT09'],
  LINE_UNCHANGED: ['Verbose', 'finance', 'AT10'],
  LINE_CREATED: ['Info', 'finance', 'AT11'],
  LINE_MISSING: ['Warning', 'finance', 'AT12', 'Add the line in the PSA, or allow the connection to create lines'],
  LINE_ZEROED: ['Info', 'finance', 'AT13'],
  LINE_CREATE_FAILED: ['Error', 'finance', 'AT14', 'Read the answer of the PSA in the details and correct the cause'],
  PERIOD_EMPTY: ['Warning', 'finance', 'AT15', 'Check that the source still sends events; nothing was lowered'],
  SECRETS_INVALID: ['Error', 'sre', 'AT16', 'Enter the secrets of the connection again'],
  CONFIG_INVALID: ['Error', 'sre', 'AT17', 'Correct the named setting of the connection'],
  SECRET_MISSING: ['Error', 'sre', 'AT18', 'Enter the named secret of the connection'],
  PERIOD_INVALID: ['Error', 'finance', 'AT19', 'Name a period as current, previous or a date'],
  PHASE_STARTED: ['Verbose', 'sre', 'AT20'],
  PHASE_FINISHED: ['Verbose', 'sre', 'AT21'],
  WORKER_STARTED: ['Verbose', 'sre', 'AT22'],
  PAYLOAD_INVALID: ['Error', 'sre', 'AT23', 'See the quarantine for the record and its problems'],
  RUN_FINISHED: ['Info', 'sre', 'AT24'],
  AGREEMENT_AMBIGUOUS: ['Warning', 'finance', undefined, 'Name the agreement in the mapping; the candidates are listed'],
  CUSTOMER_AMBIGUOUS: ['Warning', 'finance', undefined, 'Several accounts match the billing identifier; map by id'],
  PRODUCT_AMBIGUOUS: ['Warning', 'finance', undefined, 'Several products match the reference; map by id'],
  LINE_AMBIGUOUS: ['Warning', 'finance', undefined, 'The agreement has several lines of this product; leave one, or name it'],
  LINE_UPDATE_FAILED: ['Error', 'finance', undefined, 'Read the answer of the PSA in the details and correct the cause'],
  LINE_CLAIMED_TWICE: ['Error', 'finance', undefined, 'Two agreement lines point at one record of the PSA; correct the mapping'],
  PERIOD_POSTED: ['Warning', 'finance', undefined, 'The PSA has posted that period; the difference is listed for a person'],
  EFFECTIVE_DATE_SHIFTED: ['Info', 'finance', undefined, 'The change takes effect on the shown date'],
  EFFECTIVE_DATE_TAKEN: [
    'Warning',
    'finance',
    undefined,
    'The PSA takes one change a day and line; the change waits for the shown date',
  ],
  DIFFERS_AT_START: ['Warning', 'finance', undefined, 'Choose overwrite, adopt or exclude for the agreement line'],
  DRIFT_DETECTED: ['Warning', 'finance', undefined, 'Somebody changed the line in the PSA; choose overwrite, adopt or exclude'],
  OUTCOME_UNSETTLED: [
    'Warning',
    'sre',
    undefined,
    'The answer of the PSA is not known yet; it is looked up before anything is sent again',
  ],
  GUARD_TRIPPED: ['Warning', 'finance', undefined, 'Release the hold with a note, or correct the cause'],
  HELD: ['Warning', 'finance', undefined, 'Release the hold with a note, or resolve it'],
  WAITS_FOR_DATE: ['Info', 'finance', undefined, 'Nothing to do: the change goes out by itself on the shown date'],
  CAPABILITY_MISSING: ['Warning', 'sre', undefined, 'Grant the API user the named permission, or make the change by hand'],
  RATE_LIMITED: ['Info', 'sre', undefined, 'The budget of calls is used up; work goes on by itself'],
  BREAKER_OPEN: ['Warning', 'sre', undefined, 'The PSA fails; work waits and goes on by itself'],
  SETTINGS_STALE: ['Info', 'sre', undefined, 'The settings changed or could not be read; the change is released again'],
} as const satisfies Record<string, readonly [LogLevel, CodeOwner, string?, string?]>;

/** Neutral code of a run-log entry or outcome. */
export type Code = keyof typeof table;

export const CODES = Object.keys(table) as Code[];

export const codeName = z.enum(CODES as [Code, ...Code[]]);

/** Level, owner, alias and remedy of a code. */
export function meaningOf(code: Code): CodeMeaning {
  const [level, owner, alias, remedy] = table[code] as readonly [LogLevel, CodeOwner, string?, string?];
  return { level, owner, ...(alias !== undefined && { alias }), ...(remedy !== undefined && { remedy }) };
}

/** The name under which a log of this kind of PSA prints the code: Atria's alias on Autotask, else the code itself. */
export function printedCode(code: Code, kind: string): string {
  return (kind === 'autotask' ? meaningOf(code).alias : undefined) ?? code;
}
