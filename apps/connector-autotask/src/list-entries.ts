import type { Psa, PsaEntry } from '@trueup/connector-sdk';
import { queryAll, type Condition } from './query-all.js';

interface Company {
  id: number;
  companyName: string | null;
  companyNumber: string | null;
  isActive?: boolean | null;
}

interface Service {
  id: number;
  name: string | null;
  description: string | null;
  invoiceDescription: string | null;
  isActive: boolean;
}

const ALL: Condition = { op: 'exist', field: 'id' };
const REF_FIELDS = { name: 'name', description: 'description', InvoiceDescription: 'invoiceDescription' } as const;

/** Every active company, by what `companyMatch` says a billing identifier is; one without it cannot be mapped and is left out. */
export async function listCompanies(psa: Psa): Promise<PsaEntry[]> {
  const companies = await queryAll<Company>(psa, 'Companies', [ALL], ['id', 'companyName', 'companyNumber', 'isActive']);
  const isByNumber = psa.settings.companyMatch === 'companyNumber';
  return companies
    .filter((company) => company.isActive !== false)
    .flatMap((company) => {
      const number = textOf(company.companyNumber);
      const ref = isByNumber ? number : String(company.id);
      const other = isByNumber ? String(company.id) : number;
      return entryOf(ref, textOf(company.companyName), [other]);
    });
}

/** Every active service, by what `skuField` says a product reference is. */
export async function listServices(psa: Psa): Promise<PsaEntry[]> {
  const fields = ['id', 'name', 'description', 'invoiceDescription', 'isActive'] as const;
  const services = await queryAll<Service>(psa, 'Services', [ALL], fields);
  const { skuField } = psa.settings;
  return services
    .filter((service) => service.isActive)
    .flatMap((service) => {
      const ref = skuField === 'ServiceId' ? String(service.id) : textOf(service[REF_FIELDS[skuField]]);
      const texts = [service.name, service.description, service.invoiceDescription].map(textOf);
      return entryOf(ref, textOf(service.name), [String(service.id), ...texts]);
    });
}

function entryOf(ref: string, name: string, others: readonly string[]): PsaEntry[] {
  if (ref === '') return [];
  const identifiers = [...new Set(others)].filter((each) => each !== '' && each !== ref);
  return [{ ref, name: name === '' ? ref : name, ...(identifiers.length > 0 && { identifiers }) }];
}

function textOf(value: string | null | undefined): string {
  return value?.trim() ?? '';
}
