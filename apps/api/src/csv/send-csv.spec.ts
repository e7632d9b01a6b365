import { inTenant } from '@trueup/persistence';
import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { CsvTable } from './csv-table.js';
import { sendCsv } from './send-csv.js';

const table = new CsvTable([{ name: 'n', cell: (row: number) => String(row), isNumeric: true }], { bom: 'false' });
let server: FastifyInstance;
afterEach(() => server.close());

/** Serves pages of one row each; page `failing` cannot be read. Answers what its handler came to. */
async function served(
  pages: number,
  failing?: number,
): Promise<{ url: string; ended: Promise<string>; read: () => number; faults: () => number }> {
  let [read, faults, end] = [0, 0, (_how: string): void => undefined];
  const ended = new Promise<string>((resolve) => (end = resolve));
  server = fastify();
  server.get('/', async (_request, reply) => {
    const readPage = async (cursor = '0') => {
      const page = Number(cursor);
      if (page === failing) throw new Error('the database is away');
      read += 1;
      return { data: [page], nextCursor: page + 1 < pages ? String(page + 1) : null };
    };
    const file = { name: 'n.csv', table, readPage };
    await inTenant('ten_a', () => sendCsv(reply, { error: () => (faults += 1) }, file)).then(
      () => end('sent'),
      (error: unknown) => {
        end('refused');
        throw error;
      },
    );
  });
  return { url: await server.listen({ port: 0 }), ended, read: () => read, faults: () => faults };
}

describe('a streamed file', () => {
  it('holds every page', async () => {
    const { url } = await served(3);
    expect(await (await fetch(url)).text()).toBe('n\r\n0\r\n1\r\n2\r\n');
  });

  it('whose first page cannot be read is refused before it begins', async () => {
    const { url, ended } = await served(3, 0);
    expect([(await fetch(url)).status, await ended]).toEqual([500, 'refused']);
  });

  it('whose later page cannot be read is cut off, so that nobody takes it for whole', async () => {
    const { url, ended, faults } = await served(3, 1);
    const read = fetch(url).then((answer) => answer.text());
    await expect(read).rejects.toThrow('terminated');
    expect([await ended, faults()]).toEqual(['sent', 1]);
  });

  it('that nobody reads any more is not read from the database either', async () => {
    const { url, ended, read } = await served(1_000_000);
    const stop = new AbortController();
    const answer = await fetch(url, { signal: stop.signal });
    await answer.body!.getReader().read();
    stop.abort();
    await ended;
    expect(read()).toBeLessThan(1_000_000);
  });
});
