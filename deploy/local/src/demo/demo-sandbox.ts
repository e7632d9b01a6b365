import { demoCustomers, demoProducts, demoUnits, type DemoCustomer } from './demo-msp.js';

/** Login of the demo connection at the sandbox; local, made up, and the same as the sandbox's default. */
export const demoLogin = { UserName: 'api-user@sandbox.example', Secret: 'sandbox-secret', ApiIntegrationCode: 'SANDBOX-CODE' };

/** Content of the Autotask sandbox: a company and a recurring contract per customer, with a contract service per product. */
export function demoSandboxState(now: Date): object {
  const year = now.getUTCFullYear();
  return {
    users: [{ userName: demoLogin.UserName, secret: demoLogin.Secret, integrationCode: demoLogin.ApiIntegrationCode }],
    companies: demoCustomers.map(({ companyId, name, code }) => ({ id: companyId, companyName: name, companyNumber: code })),
    contracts: demoCustomers.map((customer) => ({
      id: contractId(customer),
      companyID: customer.companyId,
      contractName: 'Managed services',
      contractType: 7,
      status: 1,
      startDate: `${year}-01-01`,
      endDate: `${year + 1}-12-31`,
      contractPeriodType: 2,
    })),
    services: demoProducts.map(({ psaServiceId, serviceName, planName, unitPrice, sku }) => ({
      id: psaServiceId,
      name: planName === null ? serviceName : `${serviceName} ${planName}`,
      unitPrice,
      periodType: 2,
      sku,
      isActive: true,
    })),
    contractServices: demoCustomers.flatMap(contractServices),
  };
}

function contractServices(customer: DemoCustomer): object[] {
  return demoProducts.map((product, index) => ({
    id: customer.companyId * 100 + index,
    contractID: contractId(customer),
    serviceID: product.psaServiceId,
    units: customer.isBehind ? 0 : demoUnits(customer, product),
  }));
}

function contractId({ companyId }: DemoCustomer): number {
  return 7000 + companyId;
}
