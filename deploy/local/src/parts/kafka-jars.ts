import { join } from 'node:path';
import { copyDependencies } from './maven.js';
import { verifiedFolder } from './verified-folder.js';

export const kafkaVersion = '4.3.1';
const room = join(import.meta.dirname, '../..');

/** Answers the folder with the broker's 46 jars, fetched through Maven once and checked on every start. */
export function kafkaJars(cache: string): Promise<string> {
  return verifiedFolder({
    folder: join(cache, `kafka-${kafkaVersion}`),
    checksums: join(room, `kafka-${kafkaVersion}.sha256`),
    fetch: (into) => copyDependencies(join(room, 'kafka-pom.xml'), into),
  });
}
