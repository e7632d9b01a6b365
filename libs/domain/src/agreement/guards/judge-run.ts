import type { Guard } from '@trueup/contracts';
import { type CountedLine, type Trip, isInScope } from './counted-line.js';
import { judgeAbsence } from './judge-absence.js';
import { WAY_OUT } from './judge-line.js';
import { changeOf, changeOfAll, isAboveLimit, wordsOfLimit } from './limits.js';

/** What stands against lines because of all that happens in the run: the changes of a customer or of the run, and absence. By line key. */
export function judgeRun(lines: readonly CountedLine[], guards: readonly Guard[]): Map<string, Trip> {
  const trips = judgeAbsence(lines, guards);
  for (const guard of guards) {
    if (guard.kind !== 'max-change' || guard.per === 'line') continue;
    const inScope = lines.filter((line) => isInScope(guard, line));
    for (const { name, own } of groupsOf(guard, inScope)) {
      const { units, of } = changeOfAll(own);
      if (!isAboveLimit(guard, units, of)) continue;
      const message = `${units} of ${of} units of ${name} change in one run, more than ${wordsOfLimit(guard)} (guard ${guard.id}). ${WAY_OUT}`;
      for (const line of own) if (changeOf(line) !== '0') trips.set(line.agreementLineKey, { code: 'GUARD_TRIPPED', message });
    }
  }
  return trips;
}

function groupsOf({ per, scope }: Guard, lines: readonly CountedLine[]): { name: string; own: CountedLine[] }[] {
  if (per === 'run') return [{ name: 'the connection', own: [...lines] }];
  const codes = new Set(lines.flatMap((line) => line.customerCodes));
  return [...codes]
    .filter((code) => scope.customerCode === undefined || scope.customerCode === code)
    .map((code) => ({ name: `customer ${code}`, own: lines.filter((line) => line.customerCodes.includes(code)) }));
}
