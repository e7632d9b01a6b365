import { Body, Controller, Get, Inject, Param, Put, Query, Res } from '@nestjs/common';
import { catalogueRows, linesOfService, putCatalogueRows } from '@trueup/billing';
import type { SqlRunner } from '@trueup/billing';
import { catalogueRow } from '@trueup/contracts';
import { lockSettings } from '@trueup/control';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { decide } from '../audit/decide.js';
import { Answers } from '../http/answers.js';
import { calendarDay } from '../http/calendar-day.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { entityTagOf } from '../http/entity-tag.js';
import { NeedsTenantScope } from '../http/needs-scope.js';
import { pathCode } from '../http/path-text.js';
import { IfMatch } from '../http/precondition.js';
import type { Precondition } from '../http/precondition.js';
import { notFound } from '../http/problem-error.js';
import { TaggedReading } from '../http/tagged.js';

const catalogueEntry = z
  .strictObject({
    rows: z
      .array(catalogueRow.extend({ validFrom: calendarDay }))
      .min(1)
      .max(1000),
  })
  .meta({ id: 'CatalogueEntry', examples: [{ rows: [{ planCode: null, sku: 'M365-BP', validFrom: '2026-01-01' }] }] });

const changedEntry = catalogueEntry
  .extend({ lineKeys: z.array(z.string()).meta({ description: 'Lines that rows of this service feed now' }) })
  .meta({ id: 'ChangedCatalogueEntry' });
const dryRunQuery = z.strictObject({ dryRun: z.enum(['true', 'false']).optional() });

@Controller('v1/catalogue/services')
export class CatalogueController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get(':serviceCode')
  @NeedsTenantScope('billing:read')
  @TaggedReading()
  @Answers(200, 'Shows which sku a service (or @customer, @user, @domain) is sold as, by plan and date', catalogueEntry)
  async get(@Param('serviceCode', { schema: pathCode }) serviceCode: string, @Caller() { tenantId }: Principal) {
    const entry = await entryOf(this.parts.db, tenantId, serviceCode);
    if (!entry) throw notFound('The catalogue has no rows of this service; PUT adds them.');
    return entry;
  }

  @Put(':serviceCode')
  @NeedsTenantScope('mapping:write')
  @Answers(
    200,
    'Adds dated rows; earlier rows keep the days before theirs. With dryRun=true it only lists the lines concerned',
    changedEntry,
  )
  async put(
    @Param('serviceCode', { schema: pathCode }) serviceCode: string,
    @Body({ schema: catalogueEntry }) { rows }: z.output<typeof catalogueEntry>,
    @Query({ schema: dryRunQuery }) { dryRun }: z.output<typeof dryRunQuery>,
    @Caller() { tenantId, reach }: Principal,
    @IfMatch() ifMatch: Precondition,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { db, now } = this.parts;
    const lineKeys = await linesOfService(db, tenantId, reach, serviceCode);
    if (dryRun === 'true') return { rows, lineKeys };
    const saved = await decide(db, async (tx) => {
      await lockSettings(tx, tenantId);
      await ifMatch.refuseChanged(() => entryOf(tx, tenantId, serviceCode));
      await putCatalogueRows(tx, { tenantId, serviceCode, rows, savedAt: now() });
      return { rows: await catalogueRows(tx, tenantId, serviceCode) };
    });
    reply.header('ETag', entityTagOf(saved));
    return { ...saved, lineKeys };
  }
}

async function entryOf(db: SqlRunner, tenantId: string, serviceCode: string) {
  const rows = await catalogueRows(db, tenantId, serviceCode);
  return rows.length === 0 ? null : { rows };
}
