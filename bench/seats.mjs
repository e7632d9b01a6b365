// Seats of new users, each event with an identity of its own.
let counter = 0;
const run = `${process.pid}-${Date.now()}`;

/** A seat of a new user; of one of 100 customers, so that several partitions have work. */
export function seat(
  customer = `C${counter % 100}`,
  service = 'M365-E3',
  time = new Date(Date.now() - 3_600_000 + counter).toISOString(),
) {
  counter += 1;
  return {
    specversion: '1.0',
    id: `${run}-${counter}`,
    source: 'urn:bench',
    type: 'trueup.user.service.assigned.v1',
    time,
    subject: customer,
    actorid: 'bench',
    data: { userCode: `u${counter}`, serviceCode: service, serviceName: `Service ${service}`, sku: `SKU-${service}` },
  };
}
