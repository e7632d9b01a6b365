import { addDays } from '@trueup/connector-sdk';
import { golden, SandboxScene } from './sandbox-scene.model.js';
import { daysOf } from './units.model.js';
import { ToldShifts, YEAR_DAYS, YEAR_START, YearOfBilling, type Year } from './year.model.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const CONTRACT_END = '2027-06-30';
const RESTS_ON_A_PLAN: readonly string[] = ['delivered', 'zeroed', 'created', 'unchanged'];

export interface Surroundings {
  timeZone: string;
  dateAlignment: 'psa-period' | 'exact';
  /** Of the sandbox. */
  switches: Record<string, unknown>;
}

interface Happening {
  at: number;
  delta: number;
  /** First day of a period of Autotask that is posted now. */
  posts?: string;
}

interface Billed {
  lines: { ranges: { from: string; to: string; units: number }[] }[];
}

/** A year of one line, lived through at a sandbox over HTTP. */
export class LivedYear {
  readonly #scene: SandboxScene;
  readonly #billing: YearOfBilling;
  readonly #writesFroms = new Map<number, string>();
  #known = '';

  constructor(
    sandboxUrl: string,
    private readonly year: Year,
    private readonly surroundings: Surroundings,
  ) {
    this.#scene = new SandboxScene(sandboxUrl);
    this.#billing = new YearOfBilling(year, surroundings.timeZone);
  }

  async live(): Promise<void> {
    const { dateAlignment, timeZone, switches } = this.surroundings;
    const contractServices = [{ ...golden.contractServices[0], units: 0 }];
    await this.#scene.admin('PUT', 'state', { ...golden, contractServices, switches: { ...switches, hourlyLimit: 1_000_000 } });
    await this.#scene.open({ prorate: this.year.prorate, dateAlignment });
    this.#scene.bench.connection = { ...this.#scene.bench.connection, timeZone };
    for (const happening of this.#happenings()) await this.#happen(happening);
    await this.#scene.bench.run(HOUR_MS);
  }

  /** Days on which what is billed, and what was told as shifted, do not add up to what is meant. */
  async wrongDays(): Promise<string[]> {
    const told = this.told();
    const path = `billing?contractId=7001&from=${YEAR_START}&to=${CONTRACT_END}`;
    const { lines } = await this.#scene.admin<Billed>('GET', path);
    const today = this.#billing.dayOf(this.#scene.bench.now.getTime());
    const isExact = this.surroundings.dateAlignment === 'exact';
    return daysOf(YEAR_START, CONTRACT_END).filter((day) => {
      const billed = lines[0]!.ranges.find(({ from, to }) => from <= day && day <= to)?.units ?? 0;
      return billed + told.on(day) !== this.#billing.meantOn(day, today, isExact);
    });
  }

  told(): ToldShifts {
    const told = new ToldShifts();
    for (const { kind, version, until, shifted } of this.#scene.ledger.outcomes) {
      if (RESTS_ON_A_PLAN.includes(kind) || until !== undefined) told.tell(this.#writesFroms.get(version)!, shifted);
    }
    return told;
  }

  /** Outcomes that ask for a person. */
  personsAsked(): string[] {
    const { outcomes } = this.#scene.ledger;
    return outcomes.filter(({ kind }) => ['held', 'conflict', 'rejected', 'manual'].includes(kind)).map(({ message }) => message);
  }

  close(): Promise<void> {
    return this.#scene.close();
  }

  /** A look a day, the changes and the posts; nothing is left open at the end. */
  #happenings(): Happening[] {
    const { begin } = this.#billing;
    const looks = Array.from({ length: YEAR_DAYS + 3 }, (_, i) => ({ at: begin + i * DAY_MS, delta: 0 }));
    const edits = this.year.changes.map(([hour, delta]) => ({ at: begin + hour * HOUR_MS, delta }));
    const posts = daysOf(YEAR_START, '2027-05-01')
      .filter((day) => day.endsWith('-01'))
      .map((day) => ({ at: Date.parse(`${day}T15:00:00Z`) + (31 + this.year.postedAfterDays) * DAY_MS, delta: 0, posts: day }))
      .filter(({ at }) => at < begin + YEAR_DAYS * DAY_MS);
    return [...looks, ...edits, ...posts].sort((a, b) => a.at - b.at);
  }

  async #happen({ at, delta, posts }: Happening): Promise<void> {
    const { bench } = this.#scene;
    bench.now = new Date(at);
    if (delta !== 0) this.#billing.change(at, delta);
    if (posts !== undefined) await this.#scene.admin('POST', 'post-period', { contractId: 7001, periodStart: posts });
    await this.#release(this.#billing.dayOf(at));
    if (!this.#billing.isDown(at)) await bench.run();
  }

  /** The next version, when the schedule is another one. */
  async #release(today: string): Promise<void> {
    const steps = this.#billing.stepsOn(today);
    if (JSON.stringify(steps) === this.#known) return;
    this.#known = JSON.stringify(steps);
    const version = this.#writesFroms.size + 1;
    const writesFrom = this.#writesFromOn(today);
    this.#writesFroms.set(version, writesFrom);
    const { bench } = this.#scene;
    const place = { account: { billingIdentifier: '174' }, product: { ref: '412', sku: 'SKU' }, prorate: this.year.prorate };
    const withPeriods = steps.map((step) => ({ ...step, periodId: today }));
    await bench.accept(bench.change(version, '0', { ...place, steps: withPeriods, writesFrom }));
  }

  #writesFromOn(today: string): string {
    if (!this.year.isWritesFromRaised) return YEAR_START;
    return this.#billing.periodStarts(addDays(today, -45)).at(-1) ?? YEAR_START;
  }
}
