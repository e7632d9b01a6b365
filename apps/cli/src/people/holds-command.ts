import type { Hold } from '@trueup/contracts';
import type { Command } from 'commander';
import { type Column, renderRows } from '../output/render-rows.js';
import { apiSettingOf } from '../setting.js';
import { needsYes } from './needs-yes.js';

const levels = (steps: Hold['ours'] | undefined): string =>
  (steps ?? []).map(({ from, quantity }) => `${quantity} from ${from}`).join(', ');

const columns: Column<Hold>[] = [
  { header: 'hold', value: ({ id }) => id },
  { header: 'code', value: ({ code }) => code },
  { header: 'since', value: ({ since }) => since },
  { header: 'ours', value: ({ ours }) => levels(ours) },
  { header: 'theirs', value: ({ theirs }) => levels(theirs) },
  { header: 'agreement line', value: ({ agreementLineKey }) => agreementLineKey },
  { header: 'message', value: ({ message }) => message },
];

/** `trueup holds …` */
export function addHoldsCommands(program: Command): void {
  const holds = program.command('holds').description('what waits for a person');
  holds
    .command('list')
    .description('what is held, ours against theirs')
    .action(async (_: object, command: Command) => {
      const { api, terminal } = apiSettingOf(command);
      terminal.print(renderRows(terminal.format, await api.list<Hold>('/v1/holds'), columns));
    });
  holds
    .command('release')
    .argument('<hold-id>', 'as "trueup holds list" shows it')
    .requiredOption('--note <text>', 'why it may pass; kept in the audit')
    .option('--yes', 'really: our quantity is written to the PSA')
    .description('let one hold pass')
    .action(async (id: string, { note, yes }: { note: string; yes?: boolean }, command: Command) => {
      const { api, terminal } = apiSettingOf(command);
      needsYes(yes, `Releasing ${id} lets our quantity be written to the PSA`);
      const released = await api.post<Hold>(`/v1/holds/${encodeURIComponent(id)}/release`, { note });
      terminal.print(renderRows(terminal.format, [released], columns));
    });
}
