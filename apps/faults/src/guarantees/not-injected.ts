/** Faults of the plan that are not injected on one machine, and why. */
export const NOT_INJECTED: Readonly<Record<string, string>> = {};
