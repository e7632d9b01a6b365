import { startedKafka } from '@trueup/testing';
import { createKafka } from './kafkajs-link.js';
import { silentLogger } from './link-logger.js';
import { describeLog } from './log.behaviour.js';

describeLog('on a real broker', async () => {
  const { brokers } = await startedKafka();
  return createKafka({ brokers, clientId: 'behaviour', logger: silentLogger });
});
