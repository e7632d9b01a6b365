import { TOPICS } from '@trueup/contracts';
import { createKafka, silentLogger } from '@trueup/kafka';

/** Creates the product's topics that are missing; refuses when an existing one contradicts its definition. */
export async function createTopics(brokers: string): Promise<void> {
  const kafka = createKafka({ brokers: brokers.split(','), clientId: 'trueup-local', logger: silentLogger });
  try {
    await kafka.ensureTopics(TOPICS);
  } finally {
    await kafka.stop();
  }
}
