import { randomBytes } from 'node:crypto';
import { MasterKey, TokenVerifier } from '@trueup/access';
import { clock, createLogger } from '@trueup/service';
import type { OpenAPIObject } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { createApp } from './create-app.js';
import { openRequestLimiter } from './http/request-limiter.js';
import { openApiDocument } from './openapi-document.js';

/** The OpenAPI document without a database: routes are declared, nothing is called. */
export async function describeApi(): Promise<OpenAPIObject> {
  const db = new DataSource({ type: 'postgres', entities: [] });
  const logger = createLogger('api', 'fatal');
  const app = await createApp({
    db,
    allTenants: db,
    verifier: new TokenVerifier(db, clock.now),
    masterKey: new MasterKey(randomBytes(32)),
    logger,
    limiter: openRequestLimiter({ requests: 1, windowSeconds: 1 }, logger).limiter,
    now: clock.now,
    testHosts: [],
    trustedProxies: [],
    leaseMs: 0,
    checkWaitMs: 0,
    baselineWaitMs: 0,
    longestStreamMs: 0,
  });
  const document = openApiDocument(app);
  await app.close();
  return document;
}

/** The committed form of the document. */
export function printedOpenApi(document: OpenAPIObject): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
