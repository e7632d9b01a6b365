import { Body, Controller, Delete, Get, Inject, Param, Put, Query } from '@nestjs/common';
import { productMapping } from '@trueup/contracts';
import { deleteProductMappings, productMappingsOf, putProductMappings } from '@trueup/control';
import { inTransaction } from '@trueup/persistence';
import type { z } from 'zod';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsTenantScope } from '../http/needs-scope.js';
import { pageOf } from '../http/page.js';
import { pathCode } from '../http/path-text.js';
import { MappingDesk, mappingsOf, noMapping } from './mapping-desk.js';
import { endQuery, productMappings } from './mapping-shapes.js';

const answer = pageOf(productMapping.meta({ id: 'ProductMapping' }));

@Controller('v1/mappings/products')
export class ProductMappingsController {
  constructor(@Inject(MappingDesk) private readonly desk: MappingDesk) {}

  @Get(':sku')
  @NeedsTenantScope('billing:read')
  @Answers(200, 'Shows the dated mappings of a sku', answer)
  async get(@Param('sku', { schema: pathCode }) sku: string, @Caller() { tenantId }: Principal) {
    const data = await productMappingsOf(this.desk.parts.db, { tenantId, sku });
    if (data.length === 0) throw noMapping();
    return { data, nextCursor: null };
  }

  @Put(':sku')
  @NeedsTenantScope('mapping:write')
  @Answers(200, 'Adds dated rows; the most specific row of a connection wins', answer)
  async put(
    @Param('sku', { schema: pathCode }) sku: string,
    @Body({ schema: productMappings }) rows: z.output<typeof productMappings>,
    @Caller() { tenantId }: Principal,
  ) {
    const { db, now } = this.desk.parts;
    const change = await inTransaction(db, (tx) => putProductMappings(tx, { tenantId, sku }, rows, now()));
    return { data: mappingsOf(change), nextCursor: null };
  }

  @Delete(':sku')
  @NeedsTenantScope('mapping:write')
  @Answers(204, 'Ends the mappings; unless onRemove=zero, nothing is written to a PSA and the lines show abandoned')
  async remove(
    @Param('sku', { schema: pathCode }) sku: string,
    @Query({ schema: endQuery }) query: z.output<typeof endQuery>,
    @Caller() { tenantId }: Principal,
  ): Promise<void> {
    const { db, now } = this.desk.parts;
    const end = { ...query, today: await this.desk.today(tenantId) };
    if (!(await inTransaction(db, (tx) => deleteProductMappings(tx, { tenantId, sku }, end, now())))) throw noMapping();
  }
}
