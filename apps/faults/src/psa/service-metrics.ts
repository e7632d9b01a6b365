import type { Runtime } from '@trueup/testing/product';

type Labels = Readonly<Record<string, string>>;

/** The sum of a metric over all replicas of a service, of the series that carry these labels. A replica that is down adds nothing. */
export async function metricOf(runtime: Runtime, service: string, name: string, labels: Labels = {}): Promise<number> {
  const ports = runtime.endpoints.adminPorts[service] ?? [];
  const texts = await Promise.all(ports.map((port) => pageOf(port)));
  return texts.flatMap((text) => text.split('\n')).reduce((sum, line) => sum + valueOf(line, name, labels), 0);
}

async function pageOf(port: number): Promise<string> {
  return fetch(`http://127.0.0.1:${port}/metrics`).then(
    (answer) => answer.text(),
    () => '', // killed, or not back yet
  );
}

function valueOf(line: string, name: string, labels: Labels): number {
  const [, found, shown = '', value] = /^([a-z_]+)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
  if (found !== name) return 0;
  const isWanted = Object.entries(labels).every(([label, text]) => shown.includes(`${label}="${text}"`));
  return isWanted ? Number(value) : 0;
}

/** Joins of consumer groups over the whole product: each one beyond a process's first is a rebalance. */
export async function joinsOf(runtime: Runtime): Promise<number> {
  const services = Object.keys(runtime.endpoints.adminPorts);
  const joins = await Promise.all(services.map((service) => metricOf(runtime, service, 'trueup_kafka_joins')));
  return joins.reduce((sum, each) => sum + each, 0);
}
