import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RuntimeHome } from '../home/runtime-home.js';
import { waitForPort } from '../network/wait-for-port.js';
import { javaCommand } from '../parts/java.js';
import { kafkaJars } from '../parts/kafka-jars.js';
import { ManagedProcess } from '../processes/managed-process.js';
import type { ProcessJournal } from '../processes/process-journal.js';
import { newClusterId } from './kafka-cluster.js';
import { kafkaProperties, type KafkaAddresses } from './kafka-properties.js';

const run = promisify(execFile);

interface KafkaFiles {
  readonly folder: string;
  readonly properties: string;
  readonly classPath: string;
  readonly logFile: string;
}

/** Starts the broker on its data of last time (formatted on the first start) and waits until it listens. */
export async function startKafka(home: RuntimeHome, journal: ProcessJournal, addresses: KafkaAddresses): Promise<ManagedProcess> {
  const files = await prepare(home, addresses);
  await formatOnce(files, addresses.member?.clusterId ?? newClusterId());
  const kafka = await ManagedProcess.start(
    {
      name: `kafka/${addresses.member?.index ?? 0}`,
      command: javaCommand(),
      args: [...brokerFlags(files), 'kafka.Kafka', files.properties],
      env: process.env,
      cwd: files.folder,
      logFile: files.logFile,
      marker: files.properties,
    },
    journal,
  );
  await waitForPort(kafka, addresses.brokerPort, { what: 'Kafka', logFile: files.logFile });
  return kafka;
}

async function prepare(home: RuntimeHome, addresses: KafkaAddresses): Promise<KafkaFiles> {
  const jars = await kafkaJars(home.cache);
  const { folder, logFile } = placeOf(home, addresses.member?.index ?? 0);
  const properties = join(folder, 'server.properties');
  await mkdir(folder, { recursive: true });
  await writeFile(properties, kafkaProperties(addresses, dataFolder(folder)));
  return { folder, properties, classPath: join(jars, '*'), logFile };
}

/** The first node lies where a single one does. */
function placeOf(home: RuntimeHome, index: number): { folder: string; logFile: string } {
  const first = join(home.root, 'kafka');
  if (index === 0) return { folder: first, logFile: join(home.logs, 'kafka.log') };
  return { folder: join(first, `node-${index}`), logFile: join(home.logs, `kafka-${index}.log`) };
}

async function formatOnce(files: KafkaFiles, clusterId: string): Promise<void> {
  if (existsSync(join(dataFolder(files.folder), 'meta.properties'))) return;
  const format = ['format', `--cluster-id=${clusterId}`, '-c', files.properties];
  await run(javaCommand(), ['-Xmx256m', '-cp', files.classPath, 'kafka.tools.StorageTool', ...format]);
}

function dataFolder(folder: string): string {
  return join(folder, 'data');
}

function brokerFlags(files: KafkaFiles): string[] {
  const memory = ['-Xms128m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const logging = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', `-Dkafka.logs.dir=${files.folder}`];
  return [...memory, ...logging, '-cp', files.classPath];
}
