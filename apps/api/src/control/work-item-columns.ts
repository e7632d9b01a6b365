import type { WorkItem } from '@trueup/contracts';
import type { CsvColumn } from '../csv/csv-table.js';

type TextName = Exclude<keyof WorkItem, 'customerCodes' | 'recordIds' | 'from' | 'to'>;

const text = (name: TextName): CsvColumn<WorkItem> => ({ name, cell: (item) => item[name] });

/** The columns of the work items as a file: where, what, from when and why; several codes or ids in one cell stand apart by a space. */
export const workItemColumns: readonly CsvColumn<WorkItem>[] = [
  text('id'),
  text('connectionId'),
  { name: 'customerCodes', cell: ({ customerCodes }) => customerCodes.join(' ') },
  ...(['billingIdentifier', 'agreementRef', 'productRef', 'siteRef', 'sku', 'lineRef'] as const).map(text),
  { name: 'recordIds', cell: ({ recordIds }) => recordIds.join(' ') },
  { name: 'from', cell: ({ from }) => from, isNumeric: true },
  { name: 'to', cell: ({ to }) => to, isNumeric: true },
  ...(['effectiveDate', 'why', 'since', 'doneBy', 'note', 'agreementLineKey'] as const).map(text),
];
