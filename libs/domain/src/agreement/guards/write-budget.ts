import type { Guard, PlainDate } from '@trueup/contracts';

/** Releases of a line without a new cause on one local day. */
export interface SpentBudget {
  day: PlainDate;
  count: number;
}

/** The write budget that leaves no further release without a new cause today, if there is one. */
export function spentBudget(spent: SpentBudget | null, guards: readonly Guard[], today: PlainDate): Guard | undefined {
  const count = spent?.day === today ? spent.count : 0;
  return guards.find(({ kind, value }) => kind === 'write-budget' && count >= Number(value));
}

/** After one more release without a new cause. */
export function spend(spent: SpentBudget | null, today: PlainDate): SpentBudget {
  return { day: today, count: spent?.day === today ? spent.count + 1 : 1 };
}
