import type { Explain, Line } from '@trueup/contracts';
import type { ApiClient } from '../connect/api-client.js';
import { type Column, renderOne, renderRows } from '../output/render-rows.js';
import { inOneLine, type Terminal } from '../output/terminal.js';

type Fall = { code: string; quantity: string; count: number | null };
type Person = Explain['people'][number];

const waterfallColumns: Column<Fall>[] = [
  { header: 'cause', value: ({ code }) => code },
  { header: 'quantity', value: ({ quantity }) => quantity, isNumber: true },
  { header: 'events', value: ({ count }) => count, isNumber: true },
];

const peopleColumns: Column<Person>[] = [
  { header: 'user', value: ({ userCode }) => userCode ?? '(customer)' },
  { header: 'name', value: ({ userName }) => userName },
  { header: 'delta', value: ({ delta }) => delta, isNumber: true },
  { header: 'at', value: ({ at }) => at },
  {
    header: 'by',
    value: ({ actor, onBehalfOf }) => [actor.name ?? actor.id ?? '', onBehalfOf && `for ${onBehalfOf}`].filter(Boolean).join(' '),
  },
  { header: 'counted', value: ({ counted, reason }) => (counted ? 'yes' : `no: ${reason ?? ''}`) },
  { header: 'event', value: ({ eventId }) => eventId },
];

/** The explanation of a line as text: for people a waterfall that ends in the quantity, then everyone behind it. CSV lists the people. */
export async function explainLine(api: ApiClient, line: Line, terminal: Terminal): Promise<string> {
  const explain = await api.get<Explain>(`/v1/lines/${encodeURIComponent(line.lineKey)}/explain`, { period: line.periodId });
  if (terminal.format === 'csv') return renderRows('csv', explain.people, peopleColumns);
  if (terminal.format !== 'table') return renderOne(terminal.format, explain, []);
  const total: Fall = { code: '= quantity', quantity: explain.quantity, count: null };
  const parts = [
    terminal.paint(titleOf(line), 'bold'),
    renderRows('table', [...explain.waterfall, total], waterfallColumns),
    renderRows('table', explain.people, peopleColumns),
  ];
  return parts.join('\n');
}

function titleOf({ customerCode, sku, term, billingPlan, siteCode, periodId, lineKey }: Line): string {
  const what = [customerCode, sku, term, billingPlan, siteCode].filter(Boolean).join(' · ');
  return `${inOneLine(what)}   period to ${periodId}   ${lineKey}\n`;
}
