/** One thing that is sold, and what the PSA calls it. */
export interface DemoProduct {
  readonly sku: string;
  readonly serviceCode: string;
  readonly serviceName: string;
  readonly planCode: string | null;
  readonly planName: string | null;
  /** Id of the service in the sandbox. */
  readonly psaServiceId: number;
  readonly psaName: string;
  readonly unitPrice: number;
}

type Sold = Pick<DemoProduct, 'serviceCode' | 'serviceName'>;

function product(
  sku: string,
  sold: Sold,
  psaServiceId: number,
  unitPrice: number,
  plan?: [code: string, name: string],
): DemoProduct {
  const [planCode, planName] = plan ?? [null, null];
  const psaName = planName === null ? sold.serviceName : `${sold.serviceName} ${planName}`;
  return { sku, ...sold, planCode, planName, psaServiceId, psaName, unitPrice };
}

const office = { serviceCode: 'office', serviceName: 'Office Apps' };
const security = { serviceCode: 'security', serviceName: 'Endpoint Security' };

/** What users and customers of the demo hold. */
export const products = {
  mail: product('MAIL', { serviceCode: 'mail', serviceName: 'Business Mail' }, 301, 6.5),
  officeStandard: product('OFFICE-STD', office, 302, 12.8, ['standard', 'Standard']),
  officePremium: product('OFFICE-PREM', office, 303, 23.1, ['premium', 'Premium']),
  backup: product('BACKUP', { serviceCode: 'backup', serviceName: 'Laptop Backup' }, 304, 4),
  firewall: product('FIREWALL', { serviceCode: 'firewall', serviceName: 'Managed Firewall' }, 305, 89),
  security: product('EDR-PLUS', security, 307, 5.2),
  voice: product('VOICE', { serviceCode: 'voice', serviceName: 'Cloud Telephone' }, 308, 14.5),
  vpn: product('VPN', { serviceCode: 'vpn', serviceName: 'Remote Access' }, 309, 3.2),
  storage: product('STORAGE-TB', { serviceCode: 'storage', serviceName: 'Archive Storage (TB)' }, 310, 31.5),
  fax: product('FAX', { serviceCode: 'fax', serviceName: 'Fax to Mail' }, 311, 3),
  monitoring: product('MONITOR', { serviceCode: 'monitoring', serviceName: 'Server Monitoring' }, 312, 18),
  assistant: product('AI-ASSIST', { serviceCode: 'assistant', serviceName: 'AI Assistant' }, 313, 28),
  /** Sold, and nobody has given it a sku: it is billed nowhere and says so. */
  training: product('', { serviceCode: 'training', serviceName: 'Phishing Training' }, 0, 2),
} as const satisfies Record<string, DemoProduct>;

export const soldProducts: readonly DemoProduct[] = Object.values(products);

/** What `security` was called before; its lines of the earlier periods stay. */
export const earlierSecuritySku = 'EDR';

/** Nobody has mapped it yet: it is new. */
export const newSku = products.assistant.sku;

interface CatalogueRow {
  readonly planCode: string | null;
  readonly sku: string;
  readonly validFrom: string;
}

/** The catalogue by service code. `renamedOn`: the day from which endpoint security has its new sku. */
export function demoCatalogue(validFrom: string, renamedOn: string): Map<string, CatalogueRow[]> {
  const rows = new Map<string, CatalogueRow[]>();
  for (const { serviceCode, planCode, sku } of soldProducts.filter((one) => one.sku !== '')) {
    rows.set(serviceCode, [...(rows.get(serviceCode) ?? []), { planCode, sku, validFrom }]);
  }
  const { serviceCode, sku } = products.security;
  rows.set(serviceCode, [
    { planCode: null, sku: earlierSecuritySku, validFrom },
    { planCode: null, sku, validFrom: renamedOn },
  ]);
  return rows;
}
