import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { Principal } from '@trueup/access';
import type { FastifyRequest } from 'fastify';

export type { Principal } from '@trueup/access';

/** The principal that the guard let in. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!principal) throw new Error('The route asks for its caller but admits others than tokens');
  return principal;
});

/** The connector kind of the service token that the guard let in. */
export const CallingKind = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { connectorKind } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!connectorKind) throw new Error('The route asks for a connector kind but admits others than service tokens');
  return connectorKind;
});
