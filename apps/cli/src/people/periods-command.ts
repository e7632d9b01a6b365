import { setTimeout as wait } from 'node:timers/promises';
import type { BillingPeriod } from '@trueup/contracts';
import type { Command } from 'commander';
import type { ApiClient } from '../connect/api-client.js';
import { wholeNumber } from '../events/events-command.js';
import { type Column, renderOne, renderRows } from '../output/render-rows.js';
import type { Terminal } from '../output/terminal.js';
import { apiSettingOf } from '../setting.js';
import { needsYes } from './needs-yes.js';

interface Operation {
  id: string;
  kind: string;
  periodId: string | null;
  stage: string;
  done: number;
  total: number;
  finishedAt: string | null;
}

const periodColumns: Column<BillingPeriod>[] = [
  { header: 'period', value: ({ id }) => id },
  { header: 'start', value: ({ start }) => start },
  { header: 'end', value: ({ end }) => end },
  { header: 'state', value: ({ state }) => state },
];

const operationColumns: Column<Operation>[] = [
  { header: 'operation', value: ({ id }) => id },
  { header: 'period', value: ({ periodId }) => periodId },
  { header: 'stage', value: ({ stage }) => stage },
  { header: 'customers done', value: ({ done, total }) => `${done} of ${total}` },
  { header: 'finished', value: ({ finishedAt }) => finishedAt },
];

const LOOK_EVERY_MS = 500;

/** `trueup periods …` */
export function addPeriodsCommands(program: Command): void {
  const periods = program.command('periods').description('billing periods');
  periods
    .command('list')
    .option('--count <n>', 'how many, newest first', wholeNumber(1, 120), 12)
    .description('the current period and those before it')
    .action(async ({ count }: { count: number }, command: Command) => {
      const { api, terminal } = apiSettingOf(command);
      const { data } = await api.get<{ data: BillingPeriod[] }>('/v1/periods', { count });
      terminal.print(renderRows(terminal.format, data, periodColumns));
    });
  periods
    .command('close')
    .argument('<period>', 'end date, any day inside, or "previous"')
    .option('--yes', 'really: a closed period is never rewritten')
    .option('--wait', 'stay until it is closed')
    .description('close a period that has ended')
    .action(async (period: string, { yes, wait: isWaiting }: { yes?: boolean; wait?: boolean }, command: Command) => {
      const { api, terminal } = apiSettingOf(command);
      needsYes(yes, `Closing ${period} freezes it for good; what comes late becomes a correction`);
      const asked = await api.post<Operation>(`/v1/periods/${encodeURIComponent(period)}/close`);
      const shown = isWaiting ? await untilDone(api, asked, terminal) : asked;
      terminal.print(renderOne(terminal.format, shown, operationColumns));
    });
}

async function untilDone(api: ApiClient, asked: Operation, terminal: Terminal): Promise<Operation> {
  let seen = asked;
  while (seen.stage !== 'done') {
    terminal.overwrite(`${seen.stage}: ${seen.done} of ${seen.total} customers`);
    await wait(LOOK_EVERY_MS);
    seen = await api.get<Operation>(`/v1/operations/${encodeURIComponent(seen.id)}`);
  }
  terminal.overwrite('');
  return seen;
}
