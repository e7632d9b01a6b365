import type { Sandbox } from '../sandbox.js';
import { effectsTable } from './effects-table.js';
import { Html, html } from './html.js';
import { linesTable } from './lines-table.js';

const LAST_EFFECTS = 30;

/** Asks for the changing part every two seconds; says so when nobody answers. */
export const pageScript = `const main = document.querySelector('main');
const state = document.querySelector('#state');
const address = new URL(location.href);
address.searchParams.set('part', 'main');
const refresh = async () => {
  try {
    const reply = await fetch(address);
    if (!reply.ok) throw new Error('answered ' + reply.status);
    main.innerHTML = await reply.text();
    state.textContent = '';
  } catch (error) {
    state.textContent = 'not refreshed: ' + error.message;
  }
  setTimeout(refresh, 2000);
};
setTimeout(refresh, 2000);
`;

const STYLE =
  new Html(`body{font:14px/1.4 system-ui,sans-serif;margin:1.5rem;color:#1c2430}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.25rem .6rem;border-bottom:1px solid #dde2e8}th{color:#5a6675;font-weight:500}
small{color:#5a6675}code{font-size:12px;word-break:break-all}.past{opacity:.5}.now{font-weight:600}.coming{font-style:italic}
#state{color:#b00020}span+span::before{content:'→ ';color:#5a6675}`);

/** The page to watch, complete. */
export function wholePage(sandbox: Sandbox, find: string): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${sandbox.model.name} sandbox</title>
        <style>
          ${STYLE}
        </style>
        <script src="/_sandbox/page.js" defer></script>
      </head>
      <body>
        <h1>${sandbox.model.name} sandbox</h1>
        <form>
          <input name="find" value="${find}" placeholder="customer, product, id" /> <button>Find</button> <span id="state"></span>
        </form>
        <main>${mainPart(sandbox, find)}</main>
      </body>
    </html>`;
}

/** What changes on the page. */
export function mainPart(sandbox: Sandbox, find: string): Html {
  const now = sandbox.now();
  const effects = sandbox.ledger.since(sandbox.ledger.lastSeq - LAST_EFFECTS);
  return html`<p>
      ${now.toISOString().slice(0, 19).replace('T', ' ')} UTC on its clock · ${sandbox.stats.callsInLastHour(now)} calls within
      the hour · ${sandbox.faults.remaining().length} faults armed
    </p>
    <h2>Contracts</h2>
    ${linesTable(sandbox.billing({}), now.toISOString().slice(0, 10), find)}
    <h2>Last effects</h2>
    ${effectsTable(effects)}`;
}
