import { PsaRefused, type ConnectionSettings, type Finding, type Psa } from '@trueup/connector-sdk';

interface Field {
  name: string;
  picklistValues?: readonly { value: string; label: string }[] | null;
}

interface Threshold {
  externalRequestThreshold: number;
  currentTimeframeRequestCount: number;
}

const ANY = { MaxRecords: 1, IncludeFields: ['id'], Filter: [{ op: 'exist', field: 'id' }] };
const RECURRING = { Filter: [{ op: 'eq', field: 'contractType', value: 7 }] };
const BUSY_SHARE = 0.5;

/** Tries what the sync needs. Autotask often answers a missing permission with an empty list, so nothing found is a finding too. */
export async function checkAccess(psa: Psa<ConnectionSettings>): Promise<Finding[]> {
  const findings = [
    await attempt('see companies', async () => {
      const { items } = await psa.query<{ items: unknown[] }>('Companies/query', ANY);
      return items.length > 0 ? undefined : missing('see companies', 'No company is shown');
    }),
    await attempt('see contracts', async () => {
      const { queryCount } = await psa.query<{ queryCount: number }>('Contracts/query/count', RECURRING);
      return queryCount > 0 ? undefined : missing('see contracts', 'No recurring service contract is shown');
    }),
    await attempt('read the fields of contracts', () => checkContractType(psa)),
    await attempt('read ThresholdInformation', () => checkThreshold(psa)),
  ];
  return findings.filter((finding) => finding !== undefined);
}

async function checkContractType(psa: Psa): Promise<Finding | undefined> {
  const { fields } = await psa.get<{ fields: Field[] }>('Contracts/entityInformation/fields');
  const types = fields.find((field) => field.name.toLowerCase() === 'contracttype')?.picklistValues ?? [];
  if (types.length === 0 || types.some((type) => String(type.value) === '7')) return undefined;
  return {
    code: 'CONFIG_INVALID',
    level: 'Error',
    message: 'Contract type 7 (Recurring Service) is not among the contract types',
  };
}

/** How much of Autotask's calls per hour all integrations of the tenant have used. */
export async function usedShare(psa: Psa): Promise<number> {
  const { externalRequestThreshold: most, currentTimeframeRequestCount: now } = await psa.get<Threshold>('ThresholdInformation');
  return most > 0 ? now / most : 0;
}

async function checkThreshold(psa: Psa): Promise<Finding | undefined> {
  const share = await usedShare(psa);
  if (share < BUSY_SHARE) return undefined;
  const message = `${Math.round(share * 100)} % of Autotask's calls an hour are used by all integrations together; it answers slowly`;
  return { code: 'RATE_LIMITED', level: 'Warning', message };
}

async function attempt(permission: string, work: () => Promise<Finding | undefined>): Promise<Finding | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PsaRefused)) throw error;
    const isForbidden = error.wasClass === 'refused' || error.answer.status === 403;
    if (!isForbidden) throw error;
    return missing(permission, error.message);
  }
}

function missing(permission: string, message: string): Finding {
  return { code: 'CAPABILITY_MISSING', level: 'Error', message, remedy: `Let the security level of the API user ${permission}` };
}
