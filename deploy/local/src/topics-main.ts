import { createTopics } from './commands/create-topics.js';

// The one-shot job of docker-compose.yml: the same definition and the same code as the local start.
const brokers = process.env['TRUEUP_KAFKA_BROKERS'];
if (brokers === undefined || brokers === '') {
  console.error('TRUEUP_KAFKA_BROKERS: is required (host:port, several separated by commas)');
  process.exit(1);
}
await createTopics(brokers);
console.log('Topics are there.');
