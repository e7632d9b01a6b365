import { Controller, Get, Inject, Query } from '@nestjs/common';
import { countUnmapped, listUnmapped } from '@trueup/control';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsScope } from '../http/needs-scope.js';
import { limitOf, pageQuery, positionOf, toPage } from '../http/page.js';
import type { PageQuery } from '../http/page.js';
import { unmappedPage } from './mapping-shapes.js';

@Controller('v1/mappings/unmapped')
export class UnmappedController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get()
  @NeedsScope('billing:read')
  @Answers(200, 'Lists customers with lines that no mapping brings to a PSA', unmappedPage)
  async list(@Query({ schema: pageQuery }) query: PageQuery, @Caller() { tenantId, reach }: Principal) {
    const limit = limitOf(query);
    const after = positionOf(query, 1)?.[0];
    const rows = await listUnmapped(this.parts.db, { tenantId, reach, after, limit: limit + 1 });
    const page = toPage(
      rows,
      limit,
      (row) => [row.customerCode],
      (row) => row,
    );
    return { ...page, total: await countUnmapped(this.parts.db, { tenantId, reach }) };
  }
}
