import { Controller, Get, Inject } from '@nestjs/common';
import { readCheckResults } from '@trueup/billing';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsTenantScope } from '../http/needs-scope.js';
import { readAccounts } from './read-accounts.js';
import { reconciliation, toReconciliation } from './reconciliation-shapes.js';

@Controller('v1/reconciliation')
export class ReconciliationController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get()
  @NeedsTenantScope('billing:read')
  @Answers(200, 'Shows whether everything that came in is accounted for: events, lines and quantities, as of now', reconciliation)
  show(@Caller() { tenantId }: Principal) {
    const { db, now } = this.parts;
    return db.transaction('REPEATABLE READ', async (tx) => {
      const [account] = await readAccounts(tx, now(), tenantId);
      const [last] = await readCheckResults(tx, tenantId);
      return toReconciliation(account!, last?.checkedAt ?? null);
    });
  }
}
