import { tenantCondition, type StoreSchema } from '@trueup/persistence';
import { AddDeliveredSteps1795403000000 } from './agreement-lines/add-delivered-steps.js';
import { AddWorkItems1795404000000 } from './decisions/add-work-items.js';
import { AddDecisionTables1795392000002 } from './add-decision-tables.js';
import { AddFloorUnits1795392000004 } from './add-floor-units.js';
import { AddRunProgress1795392000003 } from './add-run-progress.js';
import { AddCorrectionBound1795402000001 } from './corrections/add-correction-bound.js';
import { AddRestatedParts1795392000006 } from './corrections/add-restated-parts.js';
import { CreateControlTables1795392000001 } from './create-control-tables.js';
import { AddWaits1795402000002 } from './guards/add-waits.js';
import { AddMappingImports1795398000000 } from './mappings/add-mapping-imports.js';
import { AddZeroedEnds1795392000007 } from './mappings/add-zeroed-ends.js';
import { AddRemaps1795392000005 } from './remaps/add-remaps.js';
import { AddRunScope1795402000003 } from './runs/add-run-scope.js';
import { AddPsaLines1795405000000 } from './suggestions/add-psa-lines.js';
import { AddPsaLists1795400000000 } from './suggestions/add-psa-lists.js';

/** Everything that `openDatabase` needs to bring the schema `control` up to date. */
export const controlSchema: StoreSchema = {
  name: 'control',
  migrations: [
    CreateControlTables1795392000001,
    AddDecisionTables1795392000002,
    AddRunProgress1795392000003,
    AddFloorUnits1795392000004,
    AddRemaps1795392000005,
    AddRestatedParts1795392000006,
    AddZeroedEnds1795392000007,
    AddMappingImports1795398000000,
    AddPsaLists1795400000000,
    AddCorrectionBound1795402000001,
    AddDeliveredSteps1795403000000,
    AddWaits1795402000002,
    AddRunScope1795402000003,
    AddWorkItems1795404000000,
    AddPsaLines1795405000000,
  ],
  rowsOfTenant: {
    run_version: `exists (select 1 from control.run r where r.id = run_version.run_id and ${tenantCondition('r.tenant_id')})`,
  },
};
