import { Controller, Get } from '@nestjs/common';
import { ingestLimits } from './ingest-limits.js';
import { EventLimiter, type EventLimit } from './limits/event-limiter.js';

/** Publishes what a request may carry, and how much may come. */
@Controller('v1/ingest')
export class LimitsController {
  constructor(private readonly limiter: EventLimiter) {}

  @Get()
  limits(): typeof ingestLimits & { rate: { token: EventLimit; tenant: EventLimit } } {
    const { token, tenant } = this.limiter.budgets;
    return { ...ingestLimits, rate: { token: token.limit, tenant: tenant.limit } };
  }
}
