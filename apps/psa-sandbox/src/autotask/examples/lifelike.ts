import { type PlainDate, plusDays, plusMonths } from '../plain-date.js';

const SERVICES = [
  { id: 901, name: 'Managed Workplace', unitPrice: 42, sku: 'WORKPLACE' },
  { id: 902, name: 'Hosted Mailbox', unitPrice: 7.9, sku: 'MAILBOX' },
  { id: 903, name: 'Backup per Server', unitPrice: 31.5, sku: 'BACKUP', periodType: 5 },
  { id: 904, name: 'Fax to Mail', unitPrice: 3, sku: 'FAX', isActive: false },
];

const COMPANIES = [
  { id: 9001, companyName: 'Two Contracts Dental', companyNumber: 'L-TWO' },
  { id: 9002, companyName: 'Twice on the Contract Freight', companyNumber: 'L-TWICE' },
  { id: 9003, companyName: 'Old Service Mill & Sons', companyNumber: 'L-INACTIVE' },
  { id: 9004, companyName: 'No Contract Bakery', companyNumber: 'L-NONE' },
  { id: 9005, companyName: 'Ended Yesterday Books', companyNumber: 'L-ENDED' },
  { id: 9006, companyName: 'Yearly Insurance', companyNumber: 'L-YEARLY' },
  { id: 9007, companyName: 'From the 26th Studio', companyNumber: 'L-26TH' },
  { id: 9008, companyName: 'Same Number North', companyNumber: 'L-SAME' },
  { id: 9009, companyName: 'Same Number South', companyNumber: 'L-SAME' },
  { id: 9010, companyName: 'By the Hour Architects', companyNumber: 'L-HOURLY' },
  { id: 9011, companyName: 'Other Currency Robotics', companyNumber: 'L-CURRENCY', currencyID: 2, internalCurrencyRate: 1.25 },
];

/** A tenant as one meets them: everything that makes a billing sync stumble, around `today`. */
export function lifelikeState(today: PlainDate): object {
  const month = `${today.slice(0, 7)}-01`;
  const began = plusMonths(month, -6);
  const ends = plusDays(plusMonths(month, 18), -1);
  const contract = (id: number, companyID: number, contractName: string, more: object = {}) => {
    return { id, companyID, contractName, startDate: began, endDate: ends, ...more };
  };
  const from26th = plusMonths(`${today.slice(0, 7)}-26`, -5);
  return {
    companies: COMPANIES,
    services: SERVICES,
    contracts: [
      contract(9101, 9001, 'Workplaces'),
      contract(9102, 9001, 'Workplaces, new terms', { startDate: month }),
      contract(9103, 9002, 'Managed services'),
      contract(9104, 9003, 'Managed services'),
      contract(9105, 9005, 'Managed services', { endDate: plusDays(today, -1) }),
      contract(9106, 9006, 'Managed services by the year', {
        contractPeriodType: 5,
        endDate: plusDays(plusMonths(began, 24), -1),
      }),
      contract(9107, 9007, 'Managed services', { startDate: from26th, endDate: plusDays(plusMonths(from26th, 24), -1) }),
      contract(9108, 9008, 'Managed services'),
      contract(9109, 9010, 'Support by the hour', { contractType: 1 }),
      contract(9110, 9011, 'Managed services'),
    ],
    contractServices: CONTRACT_SERVICES,
  };
}

const CONTRACT_SERVICES = [
  { id: 9201, contractID: 9101, serviceID: 901, units: 12 },
  { id: 9202, contractID: 9102, serviceID: 901, units: 3 },
  { id: 9203, contractID: 9103, serviceID: 902, units: 20 },
  { id: 9204, contractID: 9103, serviceID: 902, units: 5, invoiceDescription: 'Mailboxes of the warehouse' },
  { id: 9205, contractID: 9104, serviceID: 904, units: 2 },
  { id: 9206, contractID: 9104, serviceID: 902, units: 9 },
  { id: 9207, contractID: 9105, serviceID: 902, units: 4 },
  { id: 9208, contractID: 9106, serviceID: 903, units: 6 },
  { id: 9209, contractID: 9107, serviceID: 901, units: 8 },
  { id: 9210, contractID: 9108, serviceID: 902, units: 1 },
  { id: 9211, contractID: 9110, serviceID: 902, units: 10 },
];
