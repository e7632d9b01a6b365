import { checkEvents } from './check-events.js';
import { checkKeys } from './check-keys.js';
import { checkLeaks } from './check-leaks.js';
import { checkLines } from './check-lines.js';
import type { History } from './history.js';
import { type Finding, type Verdict, verdictOf } from './verdict.js';

/** From what was seen of a run to a verdict; pure, and it trusts no word of the system under test about itself. */
export function checkHistory(history: History, isExcused: (finding: Finding) => boolean = () => false): Verdict {
  const findings = [...checkEvents(history), ...checkLines(history), ...checkKeys(history), ...checkLeaks(history)];
  return verdictOf(
    findings.filter((finding) => !isExcused(finding)),
    history.parked.length,
  );
}
