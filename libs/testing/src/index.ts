export { startedKafka } from './started-kafka.js';
export { startedPostgres } from './started-postgres.js';
export { startedRedis } from './started-redis.js';
