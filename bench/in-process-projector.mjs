// The projector's work without a log: records of one process straight into the database, several partitions side by side.
import { projectRecords } from '../apps/billing-projector/dist/project-records.js';
import { partitionOf, PROVISIONING_EVENTS, toEventRecord } from '../libs/contracts/dist/index.js';
import { billingSchema } from '../libs/billing/dist/index.js';
import { openDatabase } from '../libs/persistence/dist/index.js';
import { TENANT } from './fill-topic.mjs';

const LANES = 4; // as many as the service takes at once
const PARTITIONS = 12;

/** The store of a fresh database, with all of its tables. */
export const openBilling = (url) => openDatabase({ url, applicationName: 'bench', schemas: [billingSchema] });

/** Feeds events to one database, chunk after chunk of each partition; offsets go on from call to call. */
export class Feed {
  constructor(database, chunk = 500) {
    this.database = database;
    this.chunk = chunk;
    this.offsets = Array.from({ length: PARTITIONS }, () => 0n);
  }

  async apply(events) {
    const now = new Date();
    const partitions = Array.from({ length: PARTITIONS }, () => []);
    for (const event of events) {
      const key = `${TENANT}/${event.subject}`;
      const partition = partitionOf(PROVISIONING_EVENTS, key);
      const { value, headers } = toEventRecord({ tenantId: TENANT, recordedAt: now.toISOString(), event });
      partitions[partition].push({ offset: this.offsets[partition]++, key, value: Buffer.from(value), headers, timestamp: now });
    }
    const chunks = partitions.map((records, partition) => ({ partition, records }));
    const lane = async () => {
      for (let next = chunks.shift(); next !== undefined; next = chunks.shift()) await this.applyPartition(next, now);
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }

  async applyPartition({ partition, records }, now) {
    for (let at = 0; at < records.length; at += this.chunk) {
      const part = records.slice(at, at + this.chunk);
      await projectRecords(this.database, { batch: { topic: PROVISIONING_EVENTS, partition }, records: part, now });
    }
  }
}
