import type { Line } from '@trueup/contracts';
import { type Command } from 'commander';
import type { ApiClient } from '../connect/api-client.js';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { type Column, renderRows } from '../output/render-rows.js';
import { apiSettingOf } from '../setting.js';
import { explainLine } from './explain-line.js';

interface LineFilter {
  customer?: string;
  sku?: string;
  period?: string;
}

const columns: Column<Line>[] = [
  { header: 'line', value: ({ lineKey }) => lineKey },
  { header: 'customer', value: ({ customerCode }) => customerCode },
  { header: 'sku', value: ({ sku }) => sku },
  { header: 'term', value: ({ term, billingPlan }) => [term, billingPlan].filter(Boolean).join(' ') },
  { header: 'site', value: ({ siteCode }) => siteCode },
  { header: 'period', value: ({ periodId }) => periodId },
  { header: 'quantity', value: ({ quantity }) => quantity, isNumber: true },
  {
    header: 'delivery',
    value: ({ deliveries }) => deliveries.map(({ state, code }) => (code ? `${state} (${code})` : state)).join(', '),
  },
];

/** `trueup lines …` */
export function addLinesCommands(program: Command): void {
  const lines = program.command('lines').description('what each customer must be billed, and why');
  filtered(lines.command('list'))
    .description('lines with their quantity and how far each has come')
    .action(async (filter: LineFilter, command: Command) => {
      const { api, terminal } = apiSettingOf(command);
      terminal.print(renderRows(terminal.format, await api.list<Line>('/v1/lines', { ...filter }), columns));
    });
  filtered(lines.command('explain'))
    .argument('[line-key]', 'the line; or name it by --customer and --sku')
    .description('why a quantity is what it is: a waterfall that sums to it, and the people behind it')
    .addHelpText(
      'after',
      '\nExamples\n  trueup lines explain --customer DOCK-7 --sku MAIL\n  trueup lines explain ln_abc --period previous -o csv > people.csv',
    )
    .action(async (lineKey: string | undefined, filter: LineFilter, command: Command) => {
      const { api, terminal } = apiSettingOf(command);
      const line = await theLine(api, lineKey, filter);
      terminal.print(await explainLine(api, line, terminal));
    });
}

function filtered(command: Command): Command {
  return command
    .option('--customer <code>', 'of this customer')
    .option('--sku <sku>', 'of this sku')
    .option('--period <id>', 'end date of a period, any day inside, "current" or "previous" (default: current)');
}

async function theLine(api: ApiClient, lineKey: string | undefined, filter: LineFilter): Promise<Line> {
  const { customer, sku, period } = filter;
  if (lineKey !== undefined) return api.get<Line>(`/v1/lines/${encodeURIComponent(lineKey)}`, { period });
  if (!customer || !sku) throw new Failure(EXIT.usage, 'Which line? Give its key, or --customer and --sku');
  const found = await api.list<Line>('/v1/lines', { customer, sku, period });
  if (found.length === 1) return found[0]!;
  if (found.length === 0)
    throw new Failure(EXIT.refused, `${customer} has no line of ${sku} in this period`, {
      remedy: '"trueup lines list" shows them.',
    });
  throw new Failure(EXIT.usage, `${customer} has ${found.length} lines of ${sku}; name one by its key`, {
    details: found.map((line) => [line.lineKey, line.term, line.billingPlan, line.siteCode].filter(Boolean).join('  ')),
  });
}
