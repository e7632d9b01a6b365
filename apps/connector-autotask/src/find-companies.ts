import type { AgreementLineRef, Psa, Refusal } from '@trueup/connector-sdk';
import { queryIn } from './query-all.js';

interface Company {
  id: number;
  companyName: string;
  companyNumber: string | null;
}

/** The company id of every line, by `companyMatch`: none, one and several are three answers. */
export async function findCompanies(
  lines: readonly AgreementLineRef[],
  psa: Psa,
): Promise<Map<AgreementLineRef, number | Refusal>> {
  const byNumber = psa.settings.companyMatch === 'companyNumber';
  const wanted = lines.map((line) => line.change.account.billingIdentifier.trim());
  const values = byNumber ? wanted : wanted.filter(isId).map(Number);
  const field = byNumber ? 'companyNumber' : 'id';
  const companies = await queryIn<Company>(psa, 'Companies', field, values, ['id', 'companyName', 'companyNumber']);
  return new Map(lines.map((line, i) => [line, companyOf(wanted[i]!, companies, byNumber)]));
}

function companyOf(wanted: string, companies: readonly Company[], byNumber: boolean): number | Refusal {
  const matching = companies.filter((each) => (byNumber ? isSameText(each.companyNumber, wanted) : String(each.id) === wanted));
  const [first, second] = matching;
  const what = byNumber ? 'company number' : 'company id';
  if (first === undefined) return { refused: 'CUSTOMER_NOT_FOUND', message: `Autotask has no ${what} ${wanted}` };
  if (second === undefined) return first.id;
  return {
    refused: 'CUSTOMER_AMBIGUOUS',
    message: `${matching.length} companies have the ${what} ${wanted}`,
    candidates: matching.map((each) => `${each.id} ${each.companyName}`),
  };
}

/** Texts as Autotask's database compares them. */
export function isSameText(a: string | null | undefined, b: string): boolean {
  return a?.trim().toLowerCase() === b.trim().toLowerCase();
}

/** Whether the text is a record id of Autotask. */
export function isId(text: string): boolean {
  return /^[1-9]\d{0,14}$|^0$/.test(text);
}
