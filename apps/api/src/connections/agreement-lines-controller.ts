import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import {
  CAUSE_CODES,
  DELIVERY_STATES,
  actor,
  agreementLine,
  code,
  connectionSettings,
  outcome,
  quantity,
  resolution,
} from '@trueup/contracts';
import { explainAgreementLine, listAgreementLines } from '@trueup/control';
import { z } from 'zod';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsScope } from '../http/needs-scope.js';
import { limitOf, pageOf, pageQuery, positionOf, toPage } from '../http/page.js';
import { pathText } from '../http/path-text.js';
import { notFound } from '../http/problem-error.js';
import { ConnectionDesk } from './connection-desk.js';

const query = pageQuery.extend({ state: z.enum(DELIVERY_STATES).optional(), customer: code.optional() });
const shownLine = agreementLine.meta({ id: 'AgreementLine' });
const remapEnd = z.object({ agreementLineKey: z.string(), billingIdentifier: z.string() });

/** The shape of an explanation. */
export const explanation = z
  .object({
    line: shownLine,
    quantity,
    counting: connectionSettings.shape.counting,
    parts: z.array(
      z.object({
        lineKey: z.string(),
        customerCode: z.string(),
        sku: z.string(),
        targetVersion: z.int(),
        quantity,
        mappedFrom: z.string(),
        isLeft: z.boolean(),
      }),
    ),
    offset: quantity,
    floor: quantity,
    resolutions: z.array(
      z.object({
        choice: resolution.shape.choice,
        cause: z.enum(CAUSE_CODES),
        units: quantity.nullable(),
        reason: z.string(),
        from: z.string(),
        to: z.string().nullable(),
        actor,
        at: z.string(),
      }),
    ),
    remaps: z.array(
      z.object({
        remapId: z.string(),
        lineKey: z.string(),
        from: remapEnd,
        to: remapEnd,
        movedFrom: z.string(),
        takenOn: z.string().nullable(),
        isOver: z.boolean(),
        at: z.string(),
      }),
    ),
    outcomes: z.array(outcome),
  })
  .meta({ id: 'AgreementLineExplain' });

@Controller('v1/connections/:id/agreement-lines')
export class AgreementLinesController {
  constructor(@Inject(ConnectionDesk) private readonly desk: ConnectionDesk) {}

  @Get()
  @NeedsScope('billing:read')
  @Answers(200, 'Lists what the PSA bills: state, ours, theirs, baseline and offset', pageOf(shownLine))
  async list(
    @Param('id', { schema: pathText }) connectionId: string,
    @Query({ schema: query }) filter: z.output<typeof query>,
    @Caller() { tenantId, reach }: Principal,
  ) {
    // A narrower reach sees its lines and no connection: one that exists must look like one that does not.
    if (reach === 'tenant') await this.desk.find(tenantId, connectionId);
    const limit = limitOf(filter);
    const after = positionOf(filter, 1)?.[0];
    const states = filter.state && [filter.state];
    const page = { tenantId, connectionId, reach, states, customerCode: filter.customer, after, limit: limit + 1 };
    return toPage(
      await listAgreementLines(this.desk.parts.db, page),
      limit,
      (row) => [row.agreementLineKey],
      (row) => row,
    );
  }

  @Get(':key/explain')
  @NeedsScope('billing:read')
  @Answers(200, 'Explains an agreement line: its parts, offset and what came of it', explanation)
  async explain(
    @Param('id', { schema: pathText }) connectionId: string,
    @Param('key', { schema: pathText }) agreementLineKey: string,
    @Caller() { tenantId, reach }: Principal,
  ) {
    const found = await explainAgreementLine(this.desk.parts.db, { tenantId, connectionId, agreementLineKey, reach });
    if (!found) throw notFound('There is no such agreement line; GET /v1/connections/{id}/agreement-lines lists them.');
    return found;
  }
}
