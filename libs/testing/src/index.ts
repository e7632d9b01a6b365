export { ADDRESS_FORMS, type AddressForm, BROKEN_ADDRESSES, INNER_ADDRESSES } from './address-forms.js';
export { startedKafka } from './started-kafka.js';
export { startedPostgres, type StartedPostgres } from './started-postgres.js';
export { startedRedis } from './started-redis.js';
export { wallFaults } from './wall-faults.js';
