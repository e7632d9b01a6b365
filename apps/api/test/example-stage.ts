import { customerCode, fillTenant, mark } from './filled-tenant.js';
import type { FilledTenant } from './filled-tenant.js';
import { holdLine } from './held-line.js';
import { lineByHand } from './line-by-hand.js';
import { peopleOf } from './example-people.js';
import type { ExamplePeople } from './example-people.js';
import type { StartedApi } from './started-api.js';

/** Ids as the examples of the document write them, and what they stand for on this stage. */
export interface ExampleStage {
  /** Values of path parameters by route: as in the document. */
  parametersOf(path: string): Record<string, string>;
  /** Headers of somebody who is signed in. */
  session: Record<string, string>;
  /** A text of the document as it is sent here. */
  toReal(text: string): string;
  /** A text that came from here as the document writes it. */
  toExample(text: string): string;
}

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const exampleUuid = (number: number) => `0198a000-0000-7000-8000-${String(number).padStart(12, '0')}`;

/**
 * A tenant of its own with something of everything, so that no example stands in the way of another. Signing in takes its time:
 * people are there only where they are asked for.
 */
export async function prepareStage(api: StartedApi, hasPeople: boolean): Promise<ExampleStage> {
  const { id, token } = await api.tenant(mark);
  Object.assign(api, { tenantId: id, adminToken: token });
  const filled = await fillTenant(api);
  const holdId = await holdLine(api, filled);
  const workItemId = await lineByHand(api, filled);
  return stageOf(filled, { holdId, workItemId }, hasPeople ? await peopleOf(api) : null);
}

function stageOf(
  filled: FilledTenant,
  { holdId, workItemId }: { holdId: string; workItemId: string },
  people: ExamplePeople | null,
): ExampleStage {
  const { connectionId, lineKey, agreementLineKey, runId, tokenId, importId, operationId, quarantineId } = filled;
  const pairs = Object.entries({
    connections: [connectionId, `con_${exampleUuid(1)}`],
    runs: [runId, `run_${exampleUuid(2)}`],
    tokens: [tokenId, `tok_${exampleUuid(3)}`],
    imports: [importId, importId.replace(new RegExp(uuid), exampleUuid(4))],
    operations: [operationId, `op_${exampleUuid(5)}`],
    quarantine: [quarantineId, 'qua_17'],
    ...(people && pairsOf(people)),
    holds: [holdId, 'hold_k3v9x2m7q4w8e1r5t6y0u2i4_9f86d081884c7d65'],
    'work-items': [workItemId, 'wi_q8w3e7r1t5y9u2i6o0p4a8s2_1'],
    lineKey: [lineKey, 'ln_4m7q2w8x5k9v3n6b1c0z2l4j'],
    key: [agreementLineKey, 'al_k3v9x2m7q4w8e1r5t6y0u2i4'],
  } as Record<string, [string, string]>);
  const values = Object.fromEntries(pairs.map(([name, [, example]]) => [name, example]));
  return {
    session: people?.session ?? {},
    parametersOf: (path) => ({ ...values, ...fixed, id: idIn(path, values) }),
    toReal: (text) =>
      replaced(
        text,
        pairs.map(([, [real, example]]) => [example, real]),
      ),
    toExample: (text) =>
      scrubbed(
        replaced(
          text,
          pairs.map(([, pair]) => pair),
        ),
      ),
  };
}

function pairsOf(people: ExamplePeople): Record<string, [string, string]> {
  return {
    people: [people.id, `psn_${exampleUuid(6)}`],
    sessions: [people.sessionId, `ses_${exampleUuid(7)}`],
    tenants: [people.otherTenantId, `ten_${exampleUuid(8)}`],
    email: [people.email, 'ann@acme.example'],
    invitation: [people.invitation, 'tri_0aF9-as-the-invitation-says'],
  };
}

const fixed = { code: customerCode, sku: `${mark}-SKU`, serviceCode: mark, period: 'current' };

function idIn(path: string, values: Readonly<Record<string, string>>): string {
  if (path.startsWith('/v1/periods')) return path.endsWith('/close') ? 'previous' : '2026-03-31';
  const noun = path.split('/').findLast((_, place, all) => all[place + 1] === '{id}');
  return values[noun ?? ''] ?? `no id for ${path}`;
}

function replaced(text: string, pairs: readonly (readonly [string, string])[]): string {
  return pairs.reduce((done, [from, to]) => done.split(from).join(to), text);
}

/** Ids that the call made, secrets and hashes, as stable texts. */
function scrubbed(text: string): string {
  const made = new Map<string, string>();
  const stable = (found: string) => {
    if (found.startsWith('0198a000-')) return found;
    if (!made.has(found)) made.set(found, exampleUuid(101 + made.size));
    return made.get(found)!;
  };
  return text
    .replace(new RegExp(uuid, 'g'), stable)
    .replace(/\b(tr[a-z])_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}/g, '$1_shown-once-and-never-again')
    .replace(/"csrfToken":"[^"]+"/g, '"csrfToken":"k3v9x2m7q4w8e1r5"')
    .replace(/"(hash|sha256)":"[0-9a-f]{64}"/g, `"$1":"${'9f86d081884c7d65'.repeat(4)}"`)
    .replace(/"prefix":"[^"]+"/g, '"prefix":"tru_Xk3v"');
}
