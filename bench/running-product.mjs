// The product that is running now, by its card.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const home = process.env.TRUEUP_HOME ?? join(import.meta.dirname, '../.trueup');
export const endpoints = JSON.parse(readFileSync(join(home, 'endpoints.json'), 'utf8'));

export async function call(method, url, { token = endpoints.tokens.admin, body, contentType = 'application/json' } = {}) {
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': contentType }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

export function settled(timeoutSeconds = 300) {
  return call('POST', `${endpoints.controlUrl}/settled`, { token: endpoints.tokens.control, body: { timeoutSeconds } });
}
