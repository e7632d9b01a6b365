import {
  addDays,
  levelOn,
  plus,
  raisedFrom,
  toWholeNumber,
  type Held,
  type QuantityChange,
  type Step,
} from '@trueup/connector-sdk';
import type { HeldUnits } from './read-units.js';

/** A contract service as Autotask bills it: units by date, one change a day, never below zero. For specs of `plan`. */
export class ModelUnits {
  readonly changed: string[] = [];

  constructor(
    public steps: Step[],
    private readonly raw: HeldUnits,
    private readonly isFirstDayFree: boolean,
  ) {}

  get held(): Held<HeldUnits> {
    return { steps: this.steps, records: [{ id: '9050' }], raw: this.raw };
  }

  /** What the PSA answers to an adjustment: its error text, or undefined. */
  adjust(body: { unitChange: number; effectiveDate: string }): string | undefined {
    const { effectiveDate: day, unitChange } = body;
    const { start, end } = this.raw.contract;
    if (day < start || day > end) return 'effectiveDate must be between the start date and end date of the Contract';
    const isFree = this.isFirstDayFree && day.endsWith('-01');
    if (this.changed.includes(day) && !isFree) return 'Attempt to insert duplicate data into contract_service_period';
    const after = raisedFrom(this.steps, day, String(unitChange));
    if (after.some((step) => step.quantity.startsWith('-'))) return 'below zero';
    this.steps = after;
    this.changed.push(day);
    return undefined;
  }
}

export const YEAR_CONTRACT = { id: 7001, start: '2026-07-01', end: '2027-06-30', periodMonths: 1 };

export function rawOf(more: Partial<HeldUnits> = {}): HeldUnits {
  return { contract: YEAR_CONTRACT, serviceId: 412, contractServiceId: 9050, posted: [], ...more };
}

/** A change with these levels; `[day, units]` pairs. */
export function changeOf(steps: readonly (readonly [string, string])[], more: Partial<QuantityChange> = {}): QuantityChange {
  return {
    tenantId: 'ten_1',
    changeId: 'ch_1',
    connectionId: 'con_1',
    epoch: 1,
    agreementLineKey: 'al_1',
    lineRef: 'tu1',
    version: 1,
    account: { billingIdentifier: '174' },
    product: { ref: '412', sku: 'SKU' },
    description: 'Mailbox',
    steps: steps.map(([from, quantity]) => ({ from, quantity, periodId: '2026-07-31' })),
    parts: [],
    mayCreateLine: false,
    prorate: true,
    writesFrom: '2026-07-01',
    onDrift: 'hold',
    ...more,
  };
}

/** Every day of a range, both ends included. */
export function daysOf(from: string, to: string): string[] {
  const days = [];
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
  return days;
}

/** The level on every day of a range as numbers. */
export function levelsOf(steps: readonly Step[], from: string, to: string): number[] {
  return daysOf(from, to).map((day) => toWholeNumber(plus(levelOn(steps, day), '0')));
}
