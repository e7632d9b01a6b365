import type { AssignedContent } from './assignment-state.js';

/** The optional parts of an event that says what is assigned; `undefined` leaves a part as it was. */
export interface StatedContent {
  serviceName?: string | undefined;
  planCode?: string | undefined;
  planName?: string | undefined;
  sku?: string | undefined;
  term?: string | undefined;
  billingPlan?: string | undefined;
  siteCode?: string | undefined;
}

const NOTHING: AssignedContent = {
  serviceName: '',
  planCode: '',
  planName: '',
  sku: '',
  term: '',
  billingPlan: '',
  siteCode: '',
};

/** What is assigned after an event, given what was held before it (or nothing). The name of another plan is never kept. */
export function contentAfter(before: AssignedContent | undefined, stated: StatedContent): AssignedContent {
  const base = before ?? NOTHING;
  const planCode = stated.planCode ?? base.planCode;
  return {
    serviceName: stated.serviceName ?? base.serviceName,
    planCode,
    planName: stated.planName ?? (planCode === base.planCode ? base.planName : ''),
    sku: stated.sku ?? base.sku,
    term: stated.term ?? base.term,
    billingPlan: stated.billingPlan ?? base.billingPlan,
    siteCode: stated.siteCode ?? base.siteCode,
  };
}
