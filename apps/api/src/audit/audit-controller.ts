import { Controller, Get, Inject, Query } from '@nestjs/common';
import { listAudit, verifyAudit } from '@trueup/access';
import { instant, printableText } from '@trueup/contracts';
import { z } from 'zod';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsTenantScope } from '../http/needs-scope.js';
import { limitOf, pageOf, pageQuery, positionOf, toPage } from '../http/page.js';
import { malformedParameter } from '../http/problem-error.js';
import { AnchorFile } from './anchor-file.js';

const auditQuery = pageQuery.extend({
  actor: printableText(128).optional().meta({ description: 'The id of a person or token' }),
  action: printableText(128).optional().meta({ description: 'Such as connections.mode.put' }),
  from: instant.optional(),
  to: instant.optional().meta({ description: 'Not included' }),
});

const auditEntry = z
  .object({
    seq: z.int().meta({ description: 'Counts from 1, without gaps' }),
    at: z.string(),
    actor: z.object({ kind: z.enum(['person', 'token']), id: z.string(), name: z.string() }),
    action: z.string(),
    subject: z.record(z.string(), z.string()).meta({ description: 'The ids that the act names or made' }),
    details: z.unknown().meta({ description: 'What was asked for; of secrets the names alone' }),
    requestId: z.string(),
  })
  .meta({ id: 'AuditEntry' });

const auditVerdict = z
  .object({
    isWhole: z.boolean(),
    entries: z.int().meta({ description: 'Entries that are as they were written, counted from the first' }),
    anchoredTo: z
      .int()
      .meta({ description: 'The last entry that a signature vouches for; a missing end after it cannot be seen' }),
    firstFault: z.object({ seq: z.int(), detail: z.string() }).nullable(),
  })
  .meta({ id: 'AuditVerdict' });

@Controller('v1/audit')
export class AuditController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get()
  @NeedsTenantScope('audit:read')
  @Answers(200, 'Lists who changed what, newest first', pageOf(auditEntry))
  async list(@Query({ schema: auditQuery }) query: z.output<typeof auditQuery>, @Caller() { tenantId }: Principal) {
    const { actor, action } = query;
    const limit = limitOf(query);
    const [from, to] = [query.from, query.to].map((text) => (text === undefined ? undefined : new Date(text)));
    const filter = { tenantId, actor, action, from, to, before: seqOf(positionOf(query, 1)?.[0]), limit: limit + 1 };
    return toPage(
      await listAudit(this.parts.db, filter),
      limit,
      ({ seq }) => [String(seq)],
      ({ tenantId: _own, ...entry }) => entry,
    );
  }

  @Get('verify')
  @NeedsTenantScope('audit:read')
  @Answers(200, 'Checks that no entry was changed, moved or taken away, and names the first that was', auditVerdict)
  async verify(@Caller() { tenantId }: Principal) {
    const { db, masterKey, anchorFile } = this.parts;
    const verdict = await verifyAudit(db, masterKey, tenantId, await new AnchorFile(anchorFile).read());
    return { isWhole: verdict.firstFault === null, ...verdict };
  }
}

function seqOf(position: string | undefined): number | undefined {
  if (position === undefined) return undefined;
  if (/^\d{1,15}$/.test(position)) return Number(position);
  throw malformedParameter('cursor', 'Must be the nextCursor of a page of this list');
}
