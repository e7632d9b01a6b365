import { levelOn, stepsFrom, type QuantityChange, type Step } from '@trueup/contracts';
import type { Connector, Held } from '../connector/connector.js';
import { manifestSchema, type Manifest } from '../connector/manifest.js';
import type { Next } from '../connector/next.js';
import { minus } from '../connector/quantity-math.js';
import { raisedFrom } from '../connector/schedule.js';

/**
 * A connector for ScriptedPsa: the product reference is the record's id; `missing-…` is refused by locate, `new-…` not there yet,
 * `hand-…` changed by people alone.
 */
export const scriptedConnector: Connector<string, null> = {
  open: async (_settings, http) => ({ baseUrl: http.baseUrl!, headers: { 'x-key': http.secret('key') } }),
  locate: async (lines) =>
    lines.map((line) => {
      const id = line.change.product.ref;
      if (id.startsWith('missing-')) return { refused: 'PRODUCT_NOT_FOUND', message: `No product ${id}` } as const;
      return { line, recordIds: [id], location: id };
    }),
  read: async (lines, psa) => {
    const { lines: read } = await psa.query<{ lines: (Step[] | null)[] }>('read', { ids: lines.map((line) => line.location) });
    return lines.map((line, i) => ({ steps: read[i] ?? [], records: [{ id: line.location }], raw: null }));
  },
  plan: (change, held) => planDelta(change, held),
  listAccounts: async () => [{ ref: 'acc-1', name: 'Account one' }],
};

function planDelta(change: QuantityChange, held: Held<null>): Next {
  const steps = held.steps as readonly Step[];
  const dates = [...new Set([...stepsFrom(change.steps, change.writesFrom), ...steps].map((step) => step.from))];
  const differing = dates
    .filter((date) => date >= change.writesFrom)
    .sort()
    .find((date) => levelOn(change.steps, date) !== levelOn(steps, date));
  if (differing === undefined) return { do: 'nothing' };
  const [from, to] = [levelOn(steps, differing), levelOn(change.steps, differing)];
  if (change.product.ref.startsWith('hand-')) {
    const message = `Set ${change.product.ref} to ${to} by hand`;
    return { do: 'manual', instruction: { message, effectiveDate: differing, from, to } };
  }
  const delta = minus(to, from);
  const body = { id: change.product.ref, date: differing, delta };
  return {
    do: 'write',
    write: {
      code: to === '0' ? 'LINE_ZEROED' : 'LINE_UPDATED',
      effectiveDate: differing,
      before: steps,
      after: raisedFrom(steps, differing, delta),
      request: { method: 'POST', path: 'adjust', body },
    },
  };
}

export const scriptedManifest: Manifest = manifestSchema.parse({
  id: 'scripted',
  title: 'Scripted PSA',
  sdk: '0.1',
  auth: 'headers',
  secrets: ['key'],
  hosts: [],
  capabilities: {
    writes: 'delta',
    canCreate: false,
    removal: 'zero',
    hasEffectiveDates: true,
    hasDecimals: true,
    identity: 'natural-key',
    isReadable: true,
  },
  settleMs: 60_000,
  readTimeoutMs: 2_000,
  writeTimeoutMs: 2_000,
});
