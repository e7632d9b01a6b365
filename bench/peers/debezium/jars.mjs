// The jars of the peer, fetched through Maven once and checked against the lists beside this file whenever they are used.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { copyDependencies } from '../../../deploy/local/dist/parts/maven.js';
import { verifiedFolder } from '../../../deploy/local/dist/parts/verified-folder.js';

// The worker brings these: a second copy in the plugin ends the task with "BlackbirdModule not a subtype".
const BROUGHT_BY_WORKER =
  /^(jackson-(core|databind|annotations)|kafka-clients|connect-api|slf4j-api|slf4j-simple|lz4-java|snappy-java|zstd-jni|jakarta\.ws\.rs-api)-\d/;
// Drivers of databases that take no part.
const OTHER_DATABASES = /^(mysql-connector|mariadb|mssql-jdbc|ojdbc|orai18n|jcc|db2|xdb|xmlparserv2|h2)/;

/** Folders of the worker's jars and of the sink's, below the shared cache of downloads. */
export async function debeziumJars(cache) {
  const worker = await verifiedFolder(requestOf(cache, 'worker', 'connect-4.3.1', () => false));
  const isNeedless = (name) => BROUGHT_BY_WORKER.test(name) || OTHER_DATABASES.test(name);
  const sink = await verifiedFolder(requestOf(cache, 'sink', 'debezium-jdbc-3.6.0', isNeedless));
  return { worker, sink };
}

function requestOf(cache, part, folder, isNeedless) {
  return {
    folder: join(cache, folder),
    checksums: join(import.meta.dirname, `${part}.sha256`),
    fetch: async (into) => {
      await copyDependencies(join(import.meta.dirname, `${part}-pom.xml`), into);
      for (const name of (await readdir(into)).filter(isNeedless)) await rm(join(into, name));
    },
  };
}
