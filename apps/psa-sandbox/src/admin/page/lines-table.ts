import type { LineBilling } from '../psa-model.js';
import { type Html, html } from './html.js';

const MOST_LINES = 200;

/** Units of a line from a day on; `until` is the last day, for the last level alone. */
interface Level {
  readonly from: string;
  readonly to: string;
  readonly units: number;
}

/** The contracts' lines with their units by date; `find` narrows them down by any of their words. */
export function linesTable(lines: readonly LineBilling[], today: string, find: string): Html {
  const found = lines.filter((line) => wordsOf(line).includes(find.toLowerCase()));
  const left = found.length - MOST_LINES;
  return html`<table>
      <tr>
        <th>customer</th>
        <th>contract</th>
        <th>product</th>
        <th>line</th>
        <th>today</th>
        <th>units by date</th>
        <th>unit-days</th>
        <th>billed</th>
      </tr>
      ${found.slice(0, MOST_LINES).map((line) => rowOf(line, today))}
    </table>
    ${left > 0 ? html`<p>… and ${left} more: narrow them down.</p>` : ''}${found.length === 0 ? html`<p>No lines.</p>` : ''}`;
}

function rowOf(line: LineBilling, today: string): Html {
  const levels = levelsOf(line.ranges);
  const inForce = levels.find(({ from, to }) => from <= today && today <= to);
  return html`<tr>
    <td>${line.customer}</td>
    <td>${line.contract} <small>${line.contractId}</small></td>
    <td>${line.product} <small>${line.serviceId}</small></td>
    <td>${line.contractServiceId}</td>
    <td><b>${inForce?.units ?? 0}</b></td>
    <td>${levels.map((level) => levelOf(level, today))} <small>until ${levels.at(-1)?.to ?? '–'}</small></td>
    <td>${line.unitDays}</td>
    <td>${line.billedUnitDays}</td>
  </tr> `;
}

function levelOf({ from, to, units }: Level, today: string): Html {
  const tense = to < today ? 'past' : from > today ? 'coming' : 'now';
  return html`<span class="${tense}">${units} <small>from ${from}</small></span> `;
}

/** Ranges of equal units in one: periods that change nothing are not of interest here. */
function levelsOf(ranges: LineBilling['ranges']): Level[] {
  const levels: Level[] = [];
  for (const { from, to, units } of ranges) {
    const last = levels.at(-1);
    if (last?.units === units) levels[levels.length - 1] = { ...last, to };
    else levels.push({ from, to, units });
  }
  return levels;
}

function wordsOf({ customer, contract, product, contractId, contractServiceId, serviceId }: LineBilling): string {
  return [customer, contract, product, contractId, contractServiceId, serviceId].join(' ').toLowerCase();
}
