import type { Principal } from '@trueup/access';
import type { RateCounter } from '@trueup/service/redis';
import { refuse, type Refusal } from '../ingest-problem.js';
import type { EventBudget } from './event-budget.js';

/** How many events may come per window. */
export interface EventLimit {
  events: number;
  windowSeconds: number;
}

export interface BudgetOf {
  budget: EventBudget;
  limit: EventLimit;
}

/** Which limit an answer speaks of. */
type LimitName = 'token' | 'tenant';

type Holder = Pick<Principal, 'tokenId' | 'tenantId'>;

/** Counts events per token and per tenant; every request counts as one at least. */
export class EventLimiter {
  /** `RateLimit-Policy` of every answer. */
  readonly policy: string;

  constructor(readonly budgets: Record<LimitName, BudgetOf>) {
    const { token, tenant } = budgets;
    this.policy = `${policyOf('token', token.limit)}, ${policyOf('tenant', tenant.limit)}`;
  }

  /** A refusal before the body is read, when nothing is left. */
  refusalOf(holder: Holder): Refusal | null {
    if (this.budgets.token.budget.isSpent(holder.tokenId)) return this.refuse('token', holder);
    return this.budgets.tenant.budget.isSpent(holder.tenantId) ? this.refuse('tenant', holder) : null;
  }

  /** Counts a request of `events` events, or refuses all of it. */
  async take(holder: Holder, events: number): Promise<Refusal | null> {
    const points = Math.max(1, events);
    if (!(await this.budgets.token.budget.take(holder.tokenId, points))) return this.refuse('token', holder);
    return (await this.budgets.tenant.budget.take(holder.tenantId, points)) ? null : this.refuse('tenant', holder);
  }

  /** `RateLimit` of an answer: what is left, and in how many seconds it is whole again. */
  stateOf({ tokenId, tenantId }: Holder): string {
    const token = this.budgets.token.budget.stateOf(tokenId);
    const tenant = this.budgets.tenant.budget.stateOf(tenantId);
    return `"token";r=${token.left};t=${token.resetSeconds}, "tenant";r=${tenant.left};t=${tenant.resetSeconds}`;
  }

  private refuse(name: LimitName, { tokenId, tenantId }: Holder): Refusal {
    const { budget, limit } = this.budgets[name];
    const { resetSeconds } = budget.stateOf(name === 'token' ? tokenId : tenantId);
    const detail = `This ${name} may send ${limit.events} events in ${limit.windowSeconds} s. Nothing was accepted; go on in ${resetSeconds} s`;
    const refusal = refuse('rate-limited', detail);
    return { ...refusal, headers: { ...refusal.headers, 'retry-after': String(resetSeconds) } };
  }
}

function policyOf(name: LimitName, { events, windowSeconds }: EventLimit): string {
  return `"${name}";q=${events};w=${windowSeconds}`;
}

/** The limit that a counter keeps. */
export function limitOf({ points, duration }: RateCounter): EventLimit {
  return { events: points, windowSeconds: duration };
}
