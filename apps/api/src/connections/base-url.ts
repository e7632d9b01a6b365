import { isIP } from 'node:net';

/**
 * Why a connection may not point at this address, or null when it may: https at a public host name, or a host that the operator
 * lists for tests. What the name resolves to is checked again by the connector at every connect.
 */
export function baseUrlFault(text: string, testHosts: readonly string[]): string | null {
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol))
    return 'Must be an https address, e.g. https://webservices5.autotask.net';
  if (url.username || url.password) return 'Must not hold credentials; set them with PUT /v1/connections/{id}/secrets';
  if (url.search || url.hash) return 'Must not hold a query or fragment';
  if (isTestHost(url, testHosts)) return null;
  if (url.protocol !== 'https:') return 'Must be https';
  if (url.port !== '') return 'Must use the standard port 443';
  return isPublicName(url.hostname) ? null : 'Must name a public host, not an IP address or a local name';
}

/** Whether the operator lists the host: `host` covers every port, `host:port` that one. */
export function isTestHost(url: URL, testHosts: readonly string[]): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const names = [url.hostname, `${url.hostname}:${port}`];
  return testHosts.some((host) => names.includes(host.toLowerCase()));
}

function isPublicName(hostname: string): boolean {
  const name = hostname.replace(/\.$/, '');
  const isLocal = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|arpa|test|invalid|example|onion)$/.test(name);
  return isIP(name) === 0 && !name.startsWith('[') && name.includes('.') && !isLocal;
}
