import type { WorkItem } from '@trueup/contracts';
import { listWorkItems } from '@trueup/control';
import type { DataSource } from 'typeorm';
import type { Principal } from '../http/caller.js';
import { positionOf, toPage } from '../http/page.js';
import type { Page } from '../http/page.js';

/** A page of the work items that the caller may see, in id order. */
export async function workItemPage(
  db: DataSource,
  { tenantId, reach }: Principal,
  query: { cursor?: string | undefined },
  limit: number,
): Promise<Page<WorkItem>> {
  const after = positionOf(query, 1)?.[0];
  return toPage(
    await listWorkItems(db, tenantId, reach, { after, limit: limit + 1 }),
    limit,
    (row) => [row.id],
    (row) => row,
  );
}
