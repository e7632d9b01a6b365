import type { Actor, Item } from '@trueup/contracts';
import type { CsvColumn } from '../csv/csv-table.js';

const who = [
  'periodId',
  'customerCode',
  'customerName',
  'customerNameThen',
  'userCode',
  'userName',
  'userNameThen',
  'kind',
  'serviceCode',
  'serviceName',
  'planCode',
  'planName',
  'instance',
  'sku',
  'term',
  'billingPlan',
  'siteCode',
] as const;

const text = (name: Exclude<keyof Item, 'intervals' | 'billable'>): CsvColumn<Item> => ({ name, cell: (item) => item[name] });

/** The columns of a period's items as a file. `heldFrom` and `heldTo` are of the last interval; `intervals` has all, as `from/to`. */
export const itemColumns: readonly CsvColumn<Item>[] = [
  ...who.map(text),
  { ...text('quantity'), isNumeric: true },
  text('action'),
  { name: 'billable', cell: ({ billable }) => String(billable) },
  text('reason'),
  text('lineKey'),
  { name: 'heldFrom', cell: ({ intervals }) => intervals.at(-1)?.from },
  { name: 'heldFromActor', cell: ({ intervals }) => nameOf(intervals.at(-1)?.fromActor) },
  { name: 'heldTo', cell: ({ intervals }) => intervals.at(-1)?.to },
  { name: 'heldToActor', cell: ({ intervals }) => nameOf(intervals.at(-1)?.toActor) },
  { name: 'intervals', cell: ({ intervals }) => intervals.map(({ from, to }) => `${from}/${to ?? '..'}`).join(' ') },
];

function nameOf(actor: Actor | undefined): string | undefined {
  return actor?.name ?? actor?.id;
}
