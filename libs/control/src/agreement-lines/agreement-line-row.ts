import type {
  AgreementLineIdentity,
  ChangeStep,
  Code,
  DeliveryState,
  Outcome,
  OutcomeKind,
  QuantityChange,
  Step,
} from '@trueup/contracts';
import type { AdoptedOffset, SpentBudget } from '@trueup/domain';
import type { LineTally } from './line-tally.js';

/** One quantity that a PSA bills: its schedule, its newest release, and what came of it. Written under its row lock alone. */
export interface AgreementLineRow extends AgreementLineIdentity {
  agreementLineKey: string;
  tenantId: string;
  lineRef: string;
  sku: string;
  state: DeliveryState;
  code: Code | null;
  message: string | null;
  stateAt: Date | null;
  /** Nothing is released, whatever changes, until the reason is gone (`code`). */
  isBlocked: boolean;
  /** The newest release; 0 before the first. */
  version: number;
  /** The newest version that a run only looked with; no release. */
  previewedVersion: number;
  isPreview: boolean;
  releasedEpoch: number;
  contentHash: string | null;
  change: QuantityChange | null;
  steps: ChangeStep[];
  writesFrom: string | null;
  closedThrough: string | null;
  confirmedThrough: string | null;
  /** Confirmed periods that begin before it take no correction any more: the PSA refused one there. */
  correctsFrom: string | null;
  baseline: Outcome['baseline'] | null;
  /** The day of a baseline equal to ours. */
  adoptedFrom: string | null;
  /** Units that a floor adds, as last decided. */
  floorUnits: string;
  /** The offset as last decided, and all adoptions behind it, oldest first. */
  offsetUnits: string;
  offsets: AdoptedOffset[];
  /** The day from which the last resolution but `exclude` holds. */
  resolvedFrom: string | null;
  /** A person excluded the line: nothing is released until it is resolved otherwise. */
  isExcluded: boolean;
  /** What a person vouches for that the PSA holds; on every version from `since` on until one of them is confirmed. */
  acceptFound: { steps: Step[]; token?: string; since?: number } | null;
  /** The content that a guard keeps from becoming a version, and the one that a person let pass. */
  heldHash: string | null;
  allowedHash: string | null;
  /** A guard has what is to be released wait until then; it goes out by itself. */
  waitsUntil: Date | null;
  /** Releases without a new cause. */
  spentBudget: SpentBudget | null;
  /** What guards count by; null before the first release. */
  tally: LineTally | null;
  /** What the connector last read in the PSA. */
  held: Outcome['held'] | null;
  /** The newest version that has an outcome, the last one's kind, and whether it is final; all of the newest release. */
  outcomeVersion: number;
  outcomeKind: OutcomeKind | null;
  outcomeIsFinal: boolean;
  /** A deferred version waits for this day. */
  deferredUntil: string | null;
  deliveredQuantity: string | null;
  deliveredAt: Date | null;
  deliveredVersion: number | null;
  receipt: unknown;
}

export const agreementLineColumns = `l.connection_id as "connectionId", l.agreement_line_key as "agreementLineKey",
  l.tenant_id as "tenantId", l.line_ref as "lineRef", l.billing_identifier as "billingIdentifier", l.agreement_ref as "agreementRef",
  l.product_ref as "productRef", l.site_ref as "siteRef", l.sku, l.state, l.code, l.message, l.state_at as "stateAt",
  l.is_blocked as "isBlocked", l.version, l.previewed_version as "previewedVersion", l.is_preview as "isPreview", l.released_epoch as "releasedEpoch",
  l.content_hash as "contentHash", l.change, l.steps, l.writes_from as "writesFrom", l.closed_through as "closedThrough",
  l.confirmed_through as "confirmedThrough", l.corrects_from as "correctsFrom", l.baseline, l.adopted_from as "adoptedFrom", l.offset_units as "offsetUnits",
  l.offsets, l.resolved_from as "resolvedFrom", l.is_excluded as "isExcluded", l.accept_found as "acceptFound",
  l.held_hash as "heldHash", l.allowed_hash as "allowedHash", l.tally, l.floor_units as "floorUnits", l.waits_until as "waitsUntil",
  l.spent_budget as "spentBudget", l.held, l.outcome_version as "outcomeVersion", l.outcome_kind as "outcomeKind",
  l.outcome_is_final as "outcomeIsFinal", l.deferred_until as "deferredUntil", l.delivered_quantity as "deliveredQuantity",
  l.delivered_at as "deliveredAt", l.delivered_version as "deliveredVersion", l.receipt`;
