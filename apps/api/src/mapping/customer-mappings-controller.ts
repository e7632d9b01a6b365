import { Body, Controller, Delete, Get, Inject, Param, Put, Query } from '@nestjs/common';
import { customerMapping } from '@trueup/contracts';
import { customerMappingsOf, deleteCustomerMappings, putCustomerMappings } from '@trueup/control';
import type { SqlRunner } from '@trueup/control';
import type { z } from 'zod';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { IfMatch } from '../http/precondition.js';
import type { Precondition } from '../http/precondition.js';
import { TaggedEdit, TaggedReading } from '../http/tagged.js';
import { NeedsScope } from '../http/needs-scope.js';
import { pageOf } from '../http/page.js';
import { pathCode } from '../http/path-text.js';
import { MappingDesk, mappingsOf, noMapping, shownMappings } from './mapping-desk.js';
import { customerMappings, endQuery } from './mapping-shapes.js';

const answer = pageOf(customerMapping.meta({ id: 'CustomerMapping' }));

@Controller('v1/mappings/customers')
export class CustomerMappingsController {
  constructor(@Inject(MappingDesk) private readonly desk: MappingDesk) {}

  @Get(':code')
  @NeedsScope('billing:read')
  @TaggedReading()
  @Answers(200, 'Shows the dated mappings of a customer, or of a reseller under its own code', answer)
  async get(@Param('code', { schema: pathCode }) customerCode: string, @Caller() caller: Principal) {
    await this.desk.refuseBeyondReach(caller, customerCode);
    const shown = shownMappings(await customerMappingsOf(this.desk.parts.db, { tenantId: caller.tenantId, customerCode }));
    if (!shown) throw noMapping();
    return shown;
  }

  @Put(':code')
  @NeedsScope('mapping:write')
  @TaggedEdit()
  @Answers(200, 'Adds dated rows, one per connection; earlier rows keep the days before them', answer)
  async put(
    @Param('code', { schema: pathCode }) customerCode: string,
    @Body({ schema: customerMappings }) rows: z.output<typeof customerMappings>,
    @Caller() caller: Principal,
    @IfMatch() ifMatch: Precondition,
  ) {
    await this.desk.refuseBeyondReach(caller, customerCode);
    const ref = { tenantId: caller.tenantId, customerCode };
    const edit = { tenantId: ref.tenantId, read: (tx: SqlRunner) => customerMappingsOf(tx, ref), ifMatch };
    const data = await this.desk.edit(edit, async (tx) =>
      mappingsOf(await putCustomerMappings(tx, ref, rows, this.desk.parts.now())),
    );
    return { data, nextCursor: null };
  }

  @Delete(':code')
  @NeedsScope('mapping:write')
  @Answers(204, 'Ends the mappings; unless onRemove=zero, nothing is written to a PSA and the lines show abandoned')
  async remove(
    @Param('code', { schema: pathCode }) customerCode: string,
    @Query({ schema: endQuery }) query: z.output<typeof endQuery>,
    @Caller() caller: Principal,
    @IfMatch() ifMatch: Precondition,
  ): Promise<void> {
    await this.desk.refuseBeyondReach(caller, customerCode);
    const { connectionId } = query;
    const ref = { tenantId: caller.tenantId, customerCode };
    const end = { ...query, today: await this.desk.today(ref.tenantId) };
    const edit = { tenantId: ref.tenantId, read: (tx: SqlRunner) => customerMappingsOf(tx, ref), ifMatch, connectionId };
    await this.desk.edit(edit, async (tx) => {
      if (!(await deleteCustomerMappings(tx, ref, end, this.desk.parts.now()))) throw noMapping();
    });
  }
}
