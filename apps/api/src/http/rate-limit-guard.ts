import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RateCounter } from '@trueup/service/redis';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { ProblemError } from './problem-error.js';

/** Counts the requests of each token, says what is left of its limit, and refuses what goes beyond. */
export class RateLimitGuard implements CanActivate {
  constructor(private readonly limiter: RateCounter) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { principal } = context.switchToHttp().getRequest<FastifyRequest>();
    if (!principal) return true;
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const { points, duration } = this.limiter;
    const { left, resetSeconds, isSpent } = await this.#consume(principal.tokenId);
    reply.header('RateLimit-Policy', `"token";q=${points};w=${duration}`);
    reply.header('RateLimit', `"token";r=${left};t=${resetSeconds}`);
    if (!isSpent) return true;
    reply.header('Retry-After', String(resetSeconds));
    throw new ProblemError('rate-limited', `This token may ask ${points} times in ${duration} s. Go on in ${resetSeconds} s.`);
  }

  async #consume(key: string) {
    try {
      return toState(await this.limiter.consume(key), false);
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return toState(refusal, true);
      throw refusal;
    }
  }
}

function toState({ remainingPoints, msBeforeNext }: RateLimiterRes, isSpent: boolean) {
  return { left: Math.max(0, remainingPoints), resetSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)), isSpent };
}
