// What PostgreSQL can do at most with rows that are there already: COPY into a temporary table, one merge per chunk. No inbox, no offset.
import pg from 'pg';

export const MERGE_TABLES = `create table seat (customer text, usr text, service text, plan text, sku text, at timestamptz,
  primary key (customer, usr, service))`;

/** Events per second, counted from the first chunk to the last commit. */
export async function copyMerge(url, events, chunk) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    'create temp table stage (n int, customer text, usr text, service text, plan text, sku text, at timestamptz)',
  );
  const chunks = chunksOf([...events].map(lineOf), chunk);
  const startedAt = performance.now();
  for (const lines of chunks) await merge(client, lines.join(''));
  const seconds = (performance.now() - startedAt) / 1000;
  await client.end();
  return chunks.reduce((sum, lines) => sum + lines.length, 0) / seconds;
}

async function merge(client, text) {
  await client.query('begin');
  await client.query('truncate stage');
  await copyIn(client, 'copy stage from stdin', Buffer.from(text));
  await client.query(`insert into seat select distinct on (customer, usr, service) customer, usr, service, plan, sku, at from stage
    order by customer, usr, service, n desc
    on conflict (customer, usr, service) do update set plan = excluded.plan, sku = excluded.sku, at = excluded.at where seat.at < excluded.at`);
  await client.query('commit');
}

/** A COPY through the client's own hooks for queries of another kind. */
function copyIn(client, sql, data) {
  return new Promise((resolve, reject) => {
    let failure = null;
    client.query({
      submit: (connection) => connection.query(sql),
      handleCopyInResponse: (connection) => {
        connection.sendCopyFromChunk(data);
        connection.endCopyFrom();
      },
      handleCommandComplete: () => {},
      handleRowDescription: () => {},
      handleError: (error) => {
        failure = error;
        reject(error);
      },
      handleReadyForQuery: () => failure ?? resolve(),
    });
  });
}

function lineOf({ subject, time, data }, n) {
  return `${[n, subject, data.userCode, data.serviceCode, data.planCode ?? '\\N', data.sku ?? '\\N', time].join('\t')}\n`;
}

function chunksOf(list, size) {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
}
