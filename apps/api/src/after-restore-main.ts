import { createKafka, silentLogger } from '@trueup/kafka';
import { openDatabase } from '@trueup/persistence';
import { clock } from '@trueup/service';
import { afterRestore } from './restore/after-restore.js';

// The one-shot step after a restore of PostgreSQL, while no service runs: see docs/runbook/database-restored.md.
const { TRUEUP_DATABASE_OWNER_URL: owner, TRUEUP_DATABASE_URL: url = owner, TRUEUP_KAFKA_BROKERS: brokers } = process.env;
if (url === undefined || brokers === undefined) {
  console.error('TRUEUP_DATABASE_URL (or TRUEUP_DATABASE_OWNER_URL) and TRUEUP_KAFKA_BROKERS are required');
  process.exit(1);
}
const database = await openDatabase({ url: owner ?? url, applicationName: 'after-restore', schemas: [] });
const log = createKafka({ brokers: brokers.split(','), clientId: 'after-restore', logger: silentLogger });
try {
  const { skipped, lines, connections } = await afterRestore(database, log, () => clock.now());
  console.log(`${skipped} records left unread, ${lines} lines and ${connections} connections sent anew.`);
} finally {
  await log.stop();
  await database.destroy();
}
