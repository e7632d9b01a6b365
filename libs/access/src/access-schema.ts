import { tenantCondition, type StoreSchema } from '@trueup/persistence';
import { AddAuditTables1795996800000 } from './audit/add-audit-tables.js';
import { AddAnswerAge1796256000000 } from './add-answer-age.js';
import { AddKeyVersions1796169600000 } from './add-key-versions.js';
import { AddPeopleTables1796083200000 } from './people/add-people-tables.js';
import { CreateAccessTables1795392000000 } from './create-access-tables.js';

/** Everything that `openDatabase` needs to bring the schema `access` up to date. */
export const accessSchema: StoreSchema = {
  name: 'access',
  migrations: [
    CreateAccessTables1795392000000,
    AddAuditTables1795996800000,
    AddPeopleTables1796083200000,
    AddKeyVersions1796169600000,
    AddAnswerAge1796256000000,
  ],
  rowsOfTenant: {
    tenant: tenantCondition('id'),
    invitation: ofPerson('invitation'),
    session: ofPerson('session'),
  },
  growingOnly: ['audit_entry', 'audit_anchor'],
};

function ofPerson(table: string): string {
  return `exists (select 1 from access.person p where p.id = ${table}.person_id and ${tenantCondition('p.tenant_id')})`;
}
