import type { AgreementLineRow, StoredResolution } from '@trueup/control';
import type { TenantDay } from '../tenant-day.js';

/** The agreement line after a person's decision about it; the next release carries it out. */
export function resolveRow(row: AgreementLineRow, resolution: StoredResolution, day: TenantDay): AgreementLineRow {
  if (resolution.choice === 'exclude') return { ...row, isExcluded: true, acceptFound: null };
  const { units, from, to, found } = resolution;
  const adopted = units === null ? [] : [{ units, from, ...(to !== null && { to }) }];
  const decided = { isExcluded: false, adoptedFrom: null, resolvedFrom: from, acceptFound: found };
  const waiting = { state: 'pending', code: null, message: null, stateAt: day.at } as const;
  return { ...row, ...decided, ...waiting, offsets: [...row.offsets, ...adopted] };
}
