import { Body, Controller, Delete, Get, Inject, Param, Put, Query } from '@nestjs/common';
import { productMapping } from '@trueup/contracts';
import { deleteProductMappings, productMappingsOf, putProductMappings } from '@trueup/control';
import type { SqlRunner } from '@trueup/control';
import type { z } from 'zod';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { IfMatch } from '../http/precondition.js';
import type { Precondition } from '../http/precondition.js';
import { TaggedEdit, TaggedReading } from '../http/tagged.js';
import { NeedsTenantScope } from '../http/needs-scope.js';
import { pageOf } from '../http/page.js';
import { pathCode } from '../http/path-text.js';
import { MappingDesk, mappingsOf, noMapping, shownMappings } from './mapping-desk.js';
import { endQuery, productMappings } from './mapping-shapes.js';

const answer = pageOf(productMapping.meta({ id: 'ProductMapping' }));

@Controller('v1/mappings/products')
export class ProductMappingsController {
  constructor(@Inject(MappingDesk) private readonly desk: MappingDesk) {}

  @Get(':sku')
  @NeedsTenantScope('billing:read')
  @TaggedReading()
  @Answers(200, 'Shows the dated mappings of a sku', answer)
  async get(@Param('sku', { schema: pathCode }) sku: string, @Caller() { tenantId }: Principal) {
    const shown = shownMappings(await productMappingsOf(this.desk.parts.db, { tenantId, sku }));
    if (!shown) throw noMapping();
    return shown;
  }

  @Put(':sku')
  @NeedsTenantScope('mapping:write')
  @TaggedEdit()
  @Answers(200, 'Adds dated rows; the most specific row of a connection wins', answer)
  async put(
    @Param('sku', { schema: pathCode }) sku: string,
    @Body({ schema: productMappings }) rows: z.output<typeof productMappings>,
    @Caller() { tenantId }: Principal,
    @IfMatch() ifMatch: Precondition,
  ) {
    const ref = { tenantId, sku };
    const edit = { tenantId, read: (tx: SqlRunner) => productMappingsOf(tx, ref), ifMatch };
    const data = await this.desk.edit(edit, async (tx) =>
      mappingsOf(await putProductMappings(tx, ref, rows, this.desk.parts.now())),
    );
    return { data, nextCursor: null };
  }

  @Delete(':sku')
  @NeedsTenantScope('mapping:write')
  @Answers(204, 'Ends the mappings; unless onRemove=zero, nothing is written to a PSA and the lines show abandoned')
  async remove(
    @Param('sku', { schema: pathCode }) sku: string,
    @Query({ schema: endQuery }) query: z.output<typeof endQuery>,
    @Caller() { tenantId }: Principal,
    @IfMatch() ifMatch: Precondition,
  ): Promise<void> {
    const { connectionId } = query;
    const ref = { tenantId, sku };
    const end = { ...query, today: await this.desk.today(tenantId) };
    const edit = { tenantId, read: (tx: SqlRunner) => productMappingsOf(tx, ref), ifMatch, connectionId };
    await this.desk.edit(edit, async (tx) => {
      if (!(await deleteProductMappings(tx, ref, end, this.desk.parts.now()))) throw noMapping();
    });
  }
}
