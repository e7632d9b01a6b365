/** Everything that was seen of one run, by observers outside of the system under test. Plain data: the verdict is a function of it. */
export interface History {
  tenants: readonly SeenTenant[];
  /** Rows of the event store. */
  stored: readonly { tenantId: string; eventId: string; mark: string }[];
  /** Records of billing.line-targets, in the order of their partition. */
  targets: readonly SeenTarget[];
  /** Records of the connector's topic, in the order of their partition. */
  changes: readonly SeenChange[];
  /** The connector's ledger, in the order in which the writes were intended. */
  writes: readonly SeenWrite[];
  /** The sandbox's own ledger: what really changed. */
  effects: readonly SeenEffect[];
  /** Lines and records that wait for a person. */
  parked: readonly Parked[];
  /** What one tenant's token was answered when it asked for the other's. */
  probes: readonly { asks: string; by: string; status: number }[];
}

export interface SeenTenant {
  role: string;
  tenantId: string;
  connectionId: string;
  /** Name of the actor in all of its events. */
  mark: string;
  sent: readonly { id: string; acknowledged: number; attempts: number }[];
  lines: readonly SeenLine[];
}

/** Units from a day on. */
export interface DayUnits {
  day: string;
  units: number;
}

/** One contract service of one customer, with everything that is said of it. */
export interface SeenLine {
  customer: string;
  sku: string;
  contractId: number;
  contractServiceId: number;
  /** Null as long as the product knows no such line. */
  lineKey: string | null;
  agreementLineKey: string | null;
  /** What must be billed, on the days that are compared. */
  truth: readonly DayUnits[];
  /** What the PSA bills on these days. */
  billed: readonly DayUnits[];
  /** The quantity of the open period that the API shows; null without a line. */
  shown: string | null;
}

export interface SeenTarget {
  key: string;
  tenantId: string;
  lineKey: string;
  version: number;
  /** Actors of its causes. */
  marks: readonly string[];
}

export interface SeenChange {
  key: string;
  tenantId: string;
  connectionId: string;
  agreementLineKey: string;
  account: string;
  version: number;
  steps: readonly { from: string; quantity: string }[];
}

export interface SeenWrite {
  connectionId: string;
  agreementLineKey: string;
  version: number;
  /** `intent`, `acknowledged`, `unknown` and `disputed` are not settled. */
  state: string;
  contractServiceId: number;
  day: string;
  delta: number;
}

export interface SeenEffect {
  contractId: number;
  contractServiceId: number;
  day: string;
  delta: number;
}

export interface Parked {
  tenantId: string;
  where: string;
  why: string;
}
