import type { Column } from '../output/render-rows.js';
import type { Terminal } from '../output/terminal.js';

/** One thing that was looked at. `note` is worth knowing and no fault; `skipped` could not be asked. */
export interface Finding {
  check: string;
  state: 'ok' | 'failing' | 'note' | 'skipped';
  detail: string;
  remedy?: string;
}

export const ok = (check: string, detail: string): Finding => ({ check, state: 'ok', detail });
export const note = (check: string, detail: string, remedy?: string): Finding => ({ check, state: 'note', detail, remedy });
export const failing = (check: string, detail: string, remedy: string): Finding => ({ check, state: 'failing', detail, remedy });
export const skipped = (check: string, detail: string): Finding => ({ check, state: 'skipped', detail });

export const findingColumns: Column<Finding>[] = [
  { header: 'check', value: ({ check }) => check },
  { header: 'state', value: ({ state }) => state },
  { header: 'detail', value: ({ detail }) => detail },
  { header: 'remedy', value: ({ remedy }) => remedy },
];

/** "✓ api reachable  …", with the remedy below what is not well. */
export function findingText({ check, state, detail, remedy }: Finding, terminal: Terminal): string {
  const [mark, colour] = ({ ok: ['✓', 'green'], failing: ['✗', 'red'], note: ['!', 'yellow'], skipped: ['-', 'dim'] } as const)[
    state
  ];
  const lines = [`${terminal.paint(mark, colour)} ${check}: ${detail}`];
  if (remedy && state !== 'ok') lines.push(`    → ${remedy}`);
  return lines.join('\n');
}
