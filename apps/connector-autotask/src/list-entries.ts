import type { Psa, PsaEntry } from '@trueup/connector-sdk';
import { queryAll, type Condition } from './query-all.js';

/** A company as far as a mapping may name it. */
export interface Company {
  id: number;
  companyName: string | null;
  companyNumber: string | null;
  isActive?: boolean | null;
}

/** A service as far as a mapping may name it. */
export interface Service {
  id: number;
  name: string | null;
  description: string | null;
  invoiceDescription: string | null;
  isActive: boolean;
}

export const COMPANY_FIELDS = ['id', 'companyName', 'companyNumber', 'isActive'] as const;
export const SERVICE_FIELDS = ['id', 'name', 'description', 'invoiceDescription', 'isActive'] as const;
const ALL: Condition = { op: 'exist', field: 'id' };
const REF_FIELDS = { name: 'name', description: 'description', InvoiceDescription: 'invoiceDescription' } as const;

/** Every active company, by what `companyMatch` says a billing identifier is; one without it cannot be mapped and is left out. */
export async function listCompanies(psa: Psa): Promise<PsaEntry[]> {
  const companies = await queryAll<Company>(psa, 'Companies', [ALL], COMPANY_FIELDS);
  return companies
    .filter((company) => company.isActive !== false)
    .flatMap((company) => {
      const others = [String(company.id), textOf(company.companyNumber)];
      return entryOf(companyRefOf(company, psa), textOf(company.companyName), others);
    });
}

/** Every active service, by what `skuField` says a product reference is. */
export async function listServices(psa: Psa): Promise<PsaEntry[]> {
  const services = await queryAll<Service>(psa, 'Services', [ALL], SERVICE_FIELDS);
  return services
    .filter((service) => service.isActive)
    .flatMap((service) => {
      const texts = [service.name, service.description, service.invoiceDescription].map(textOf);
      return entryOf(serviceRefOf(service, psa), textOf(service.name), [String(service.id), ...texts]);
    });
}

/** What a mapping writes for the company by `companyMatch`; empty where the company lacks it. */
export function companyRefOf({ id, companyNumber }: Company, { settings }: Psa): string {
  return settings.companyMatch === 'companyNumber' ? textOf(companyNumber) : String(id);
}

/** What a mapping writes for the service by `skuField`; empty where the service lacks it. */
export function serviceRefOf(service: Service, { settings: { skuField } }: Psa): string {
  return skuField === 'ServiceId' ? String(service.id) : textOf(service[REF_FIELDS[skuField]]);
}

function entryOf(ref: string, name: string, others: readonly string[]): PsaEntry[] {
  if (ref === '') return [];
  const identifiers = [...new Set(others)].filter((each) => each !== '' && each !== ref);
  return [{ ref, name: name === '' ? ref : name, ...(identifiers.length > 0 && { identifiers }) }];
}

/** A text of Autotask without what surrounds it; empty where there is none. */
export function textOf(value: string | null | undefined): string {
  return value?.trim() ?? '';
}
