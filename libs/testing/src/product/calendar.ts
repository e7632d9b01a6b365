const DAY_MS = 86_400_000;

/** The calendar day of an instant in UTC. */
export const dayOf = (instant: Date): string => instant.toISOString().slice(0, 10);

/** The first day of the month of an instant in UTC; the tests' tenants close at month end. */
export const monthStartOf = (instant: Date): string => `${instant.toISOString().slice(0, 7)}-01`;

export const daysBefore = (instant: Date, days: number): Date => new Date(instant.getTime() - days * DAY_MS);

/** A contract that began with the year before `instant` and runs three more. */
export function contractYears(instant: Date): { startDate: string; endDate: string } {
  const year = instant.getUTCFullYear();
  return { startDate: `${year - 1}-01-01`, endDate: `${year + 2}-12-31` };
}
