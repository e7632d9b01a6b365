import type { Effect } from '../effect-ledger.js';
import { type Html, html } from './html.js';

const LONGEST_BODY = 240;

/** Effects, the newest first. */
export function effectsTable(effects: readonly Effect[]): Html {
  if (effects.length === 0) return html`<p>Nothing has changed anything yet.</p>`;
  return html`<table>
    <tr>
      <th>seq</th>
      <th>at</th>
      <th>by</th>
      <th>call</th>
      <th>body</th>
      <th>changed</th>
    </tr>
    ${effects.toReversed().map(rowOf)}
  </table>`;
}

function rowOf({ seq, at, by, method, path, body, changed }: Effect): Html {
  const text = JSON.stringify(body);
  return html`<tr>
    <td>${seq}</td>
    <td>${at.slice(0, 19).replace('T', ' ')}</td>
    <td>${by}</td>
    <td>${method} ${path}</td>
    <td><code>${text.length > LONGEST_BODY ? `${text.slice(0, LONGEST_BODY)}…` : text}</code></td>
    <td>${changed.length === 0 ? 'the whole state' : summaryOf(changed)}</td>
  </tr> `;
}

function summaryOf(changed: Effect['changed']): string {
  const counts = new Map<string, number>();
  for (const { entity } of changed) counts.set(entity, (counts.get(entity) ?? 0) + 1);
  return [...counts].map(([entity, count]) => `${entity} ×${count}`).join(', ');
}
