import { type Reach, SCOPES, type Token } from '@trueup/contracts';
import { clock } from '@trueup/service';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { type Column, renderOne, renderRows } from '../output/render-rows.js';
import { apiSettingOf } from '../setting.js';
import { needsYes } from './needs-yes.js';

type ShownToken = Token & { prefix: string };
type CreatedToken = ShownToken & { token?: string };

interface CreateOptions {
  label: string;
  scope: string[];
  reseller?: string;
  customer?: string[];
  expires?: string;
}

const DAY_MS = 86_400_000;

const columns: Column<ShownToken>[] = [
  { header: 'id', value: ({ id }) => id },
  { header: 'label', value: ({ label }) => label },
  { header: 'begins with', value: ({ prefix }) => prefix },
  { header: 'scopes', value: ({ scopes }) => scopes.join(' ') },
  { header: 'reach', value: ({ reach }) => reachText(reach) },
  { header: 'expires', value: ({ expiresAt }) => expiresAt ?? 'never' },
  { header: 'last used', value: ({ lastUsedAt }) => lastUsedAt ?? 'never' },
];

/** `trueup tokens …` */
export function addTokensCommands(program: Command): void {
  const tokens = program.command('tokens').description('access for programs and people');
  tokens
    .command('list')
    .description('tokens within your reach, without their secrets')
    .action(async (_: object, command: Command) => {
      const { api, terminal } = apiSettingOf(command);
      terminal.print(renderRows(terminal.format, await api.list<ShownToken>('/v1/tokens'), columns));
    });
  tokens
    .command('create')
    .requiredOption('--label <text>', 'what it is for')
    .addOption(new Option('--scope <scope...>', 'what it may do').choices(SCOPES).makeOptionMandatory())
    .addOption(new Option('--reseller <code>', 'only the customers of this reseller').conflicts('customer'))
    .option('--customer <code...>', 'only these customers')
    .option('--expires <when>', 'an instant (2027-01-31T00:00:00Z) or a number of days (90d)', expiry)
    .description('make a token within your own scopes and reach; its secret is shown once, here')
    .action(async (options: CreateOptions, command: Command) => {
      const { api, terminal } = apiSettingOf(command);
      const created = await api.post<CreatedToken>('/v1/tokens', bodyOf(options));
      if (!created.token)
        throw new Failure(EXIT.unavailable, `${created.id} was made, but its secret was lost on the way`, {
          remedy: 'Delete it and make another.',
        });
      terminal.print(
        renderOne(terminal.format, created, [{ header: 'token', value: ({ token }: CreatedToken) => token }, ...columns]),
      );
      if (terminal.format === 'table') terminal.say('Keep the token now: it is not shown again.');
    });
  tokens
    .command('delete')
    .argument('<token-id>', 'as "trueup tokens list" shows it')
    .option('--yes', 'really: whoever uses it is locked out within a second')
    .description('end a token')
    .action(async (id: string, { yes }: { yes?: boolean }, command: Command) => {
      const { api, terminal } = apiSettingOf(command);
      needsYes(yes, `Deleting ${id} locks out whoever uses it within a second`);
      await api.delete(`/v1/tokens/${encodeURIComponent(id)}`);
      terminal.print(
        renderOne(terminal.format, { id, deleted: true }, [{ header: 'deleted', value: (done: { id: string }) => done.id }]),
      );
    });
}

function bodyOf({ label, scope, reseller, customer, expires }: CreateOptions): object {
  const reach = reseller !== undefined ? { resellerCode: reseller } : customer ? { customerCodes: customer } : undefined;
  return { label, scopes: scope, ...(reach && { reach }), ...(expires && { expiresAt: expires }) };
}

/** An instant as it is, "90d" as so many days from now. */
function expiry(text: string): string {
  const days = /^([1-9]\d{0,3})d$/.exec(text)?.[1];
  if (days) return new Date(clock.now().getTime() + Number(days) * DAY_MS).toISOString();
  if (Number.isNaN(Date.parse(text))) throw new InvalidArgumentError('Must be an instant or a number of days such as 90d.');
  return new Date(text).toISOString();
}

function reachText(reach: Reach): string {
  if (reach === 'tenant') return 'tenant';
  return 'resellerCode' in reach ? `reseller ${reach.resellerCode}` : reach.customerCodes.join(' ');
}
