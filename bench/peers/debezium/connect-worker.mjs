// A Kafka Connect worker in standalone mode, and connectors on it through its REST interface.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROVISIONING_EVENTS } from '../../../libs/contracts/dist/index.js';
import { debeziumJars } from './jars.mjs';

const START_WITHIN_MS = 600_000;
// Offsets are the only sign from outside that rows are in the table.
const OFFSETS_EVERY_MS = 200;

/** Starts the worker in `folder`; `connect` makes a sink and answers how to remove it, `stop` ends the worker. */
export async function startConnect({ cache, brokers, folder, port }) {
  const jars = await debeziumJars(cache);
  const plugins = join(folder, 'plugins');
  await mkdir(plugins, { recursive: true });
  await symlink(jars.sink, join(plugins, 'debezium-jdbc'));
  const properties = join(folder, 'connect.properties');
  await writeFile(properties, propertiesOf({ brokers, plugins, offsets: join(folder, 'offsets'), port }));
  const flags = ['-Xms256m', '-Xmx1g', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', join(jars.worker, '*')];
  const child = spawn('java', [...flags, 'org.apache.kafka.connect.cli.ConnectStandalone', properties], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(join(folder, 'connect.log'));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  await answering(url, child, folder).catch((error) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    pid: child.pid,
    connect: (name, config) => connect(url, name, config),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      log.end();
    },
  };
}

async function answering(url, child, folder) {
  const giveUpAt = performance.now() + START_WITHIN_MS;
  while (
    !(await fetch(`${url}/connectors`)
      .then(({ ok }) => ok)
      .catch(() => false))
  ) {
    if (child.exitCode !== null || performance.now() > giveUpAt)
      throw new Error(`Kafka Connect did not start; see ${folder}/connect.log`);
    await sleep(250);
  }
}

async function connect(url, name, config) {
  await call(`${url}/connectors`, 'POST', { name, config });
  return {
    failure: async () => {
      const { tasks } = await call(`${url}/connectors/${name}/status`, 'GET');
      return tasks.find(({ state }) => state === 'FAILED')?.trace ?? null;
    },
    remove: () => call(`${url}/connectors/${name}`, 'DELETE'),
  };
}

async function call(url, method, body) {
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

function propertiesOf({ brokers, plugins, offsets, port }) {
  const settings = {
    'bootstrap.servers': brokers,
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'offset.storage.file.filename': offsets,
    'offset.flush.interval.ms': OFFSETS_EVERY_MS,
    'plugin.path': plugins,
    'plugin.discovery': 'service_load',
    'connector.client.config.override.policy': 'All',
    listeners: `http://127.0.0.1:${port}`,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

const text = (field) => ({ type: 'string', optional: true, field });
const schema = {
  type: 'struct',
  fields: ['userCode', 'serviceCode', 'serviceName', 'planCode', 'planName', 'sku', 'term', 'billingPlan'].map(text),
};

/** The table that the sink writes: the fields of the events' data. */
export const SEAT_TABLE = `create table debezium_seat ("userCode" text, "serviceCode" text, "serviceName" text, "planCode" text,
  "planName" text, sku text, term text, "billingPlan" text, primary key ("userCode", "serviceCode"))`;

/** The sink as its documentation starts it: plain JSON values, a schema beside them, upsert by the fields that identify a seat. */
export function defaults(databaseUrl) {
  const { host, pathname, username, password } = new URL(databaseUrl);
  return {
    'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConnector',
    'tasks.max': '1',
    topics: PROVISIONING_EVENTS,
    'connection.url': `jdbc:postgresql://${host}${pathname}`,
    'connection.username': username,
    'connection.password': decodeURIComponent(password),
    'insert.mode': 'upsert',
    'primary.key.mode': 'record_value',
    'primary.key.fields': 'userCode,serviceCode',
    'schema.evolution': 'none',
    'quote.identifiers': 'true', // the fields' names are not lower case
    'collection.name.format': 'debezium_seat',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter.schemas.enable': 'true',
    'value.converter.schema.content': JSON.stringify(schema),
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'consumer.override.auto.offset.reset': 'earliest',
  };
}

/** The best that it reaches in batches of 5,000: a poll that fills them, unnest, two tasks, repeats of a key folded before SQL. */
export function bestAt5000(databaseUrl) {
  const plain = defaults(databaseUrl);
  return {
    ...plain,
    'connection.url': `${plain['connection.url']}?reWriteBatchedInserts=true`,
    'tasks.max': '2',
    'batch.size': '5000',
    'use.reduction.buffer': 'true',
    'dialect.postgres.unnest.insert.enabled': 'true',
    'consumer.override.max.poll.records': '5000',
    'consumer.override.max.partition.fetch.bytes': '8388608',
  };
}
