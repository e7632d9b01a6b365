import type { AgreementLineRef, Psa, Refusal } from '@trueup/connector-sdk';
import { isId, isSameText } from './find-companies.js';
import { queryIn } from './query-all.js';

interface Service {
  id: number;
  name: string | null;
  description: string | null;
  invoiceDescription: string | null;
  isActive: boolean;
}

const FIELDS = ['id', 'name', 'description', 'invoiceDescription', 'isActive'] as const;
const TEXT_FIELDS = { name: 'name', description: 'description', InvoiceDescription: 'invoiceDescription' } as const;

/** The service id of every line, by `skuField`. An inactive service counts only where no active one matches. */
export async function findServices(
  lines: readonly AgreementLineRef[],
  psa: Psa,
): Promise<Map<AgreementLineRef, number | Refusal>> {
  const { skuField } = psa.settings;
  const wanted = lines.map((line) => line.change.product.ref.trim());
  const field = skuField === 'ServiceId' ? 'id' : TEXT_FIELDS[skuField];
  const values = field === 'id' ? wanted.filter(isId).map(Number) : wanted;
  const services = await queryIn<Service>(psa, 'Services', field, values, FIELDS);
  return new Map(lines.map((line, i) => [line, serviceOf(wanted[i]!, services, field)]));
}

function serviceOf(wanted: string, services: readonly Service[], field: 'id' | keyof Service): number | Refusal {
  const all = services.filter((each) =>
    field === 'id' ? String(each.id) === wanted : isSameText(each[field] as string, wanted),
  );
  const active = all.filter((each) => each.isActive);
  const matching = active.length > 0 ? active : all;
  const [first, second] = matching;
  if (first === undefined)
    return { refused: 'PRODUCT_NOT_FOUND', message: `Autotask has no service whose ${field} is ${wanted}` };
  if (second === undefined) return first.id;
  return {
    refused: 'PRODUCT_AMBIGUOUS',
    message: `${matching.length} services have the ${field} ${wanted}`,
    candidates: matching.map((each) => `${each.id} ${each.name ?? ''}`),
  };
}
