/** Work that is under way: a lag, unsent outbox rows, due deliveries. */
export interface InFlight {
  what: string;
  count: number;
  detail?: string;
}

/** Null when all is well, else one sentence that says what is not. */
type Check = () => Promise<string | null> | string | null;

/** What a process says of itself: alive (its loops make progress), ready (its neighbours answer), and what it has under way. */
export class ServiceHealth {
  readonly #live = new Map<string, Check>();
  readonly #ready = new Map<string, Check>();
  readonly #inFlight = new Map<string, () => Promise<InFlight[]>>();

  /** A stuck consumer or loop is not alive: an orchestrator restarts the process. */
  live(name: string, check: Check): void {
    this.#live.set(name, check);
  }

  /** A process that is not ready gets no traffic; nobody restarts it for that. */
  ready(name: string, check: Check): void {
    this.#ready.set(name, check);
  }

  inFlight(name: string, check: () => Promise<InFlight[]>): void {
    this.#inFlight.set(name, check);
  }

  problemsOfLife(): Promise<Record<string, string>> {
    return problemsOf(this.#live);
  }

  async problemsOfReadiness(): Promise<Record<string, string>> {
    return { ...(await problemsOf(this.#live)), ...(await problemsOf(this.#ready)) };
  }

  /** Everything under way; entries with count 0 are left out. A check that fails counts as under way, since nobody knows. */
  async underWay(): Promise<InFlight[]> {
    const lists = await Promise.all([...this.#inFlight].map(([name, check]) => listOf(name, check)));
    return lists.flat().filter((entry) => entry.count > 0);
  }
}

async function problemsOf(checks: ReadonlyMap<string, Check>): Promise<Record<string, string>> {
  const problems: Record<string, string> = {};
  for (const [name, check] of checks) {
    const problem = await resultOf(check);
    if (problem !== null) problems[name] = problem;
  }
  return problems;
}

async function resultOf(check: Check): Promise<string | null> {
  try {
    return await check();
  } catch (error) {
    return error instanceof Error ? error.message : 'the check failed';
  }
}

async function listOf(name: string, check: () => Promise<InFlight[]>): Promise<InFlight[]> {
  try {
    return await check();
  } catch (error) {
    return [{ what: name, count: 1, detail: `unknown: ${error instanceof Error ? error.message : 'the check failed'}` }];
  }
}
