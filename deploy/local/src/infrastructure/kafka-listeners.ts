import { StartFailure } from '../start-failure.js';

/** One listener of the broker: where it listens, and the address that it tells clients to come back to. */
export interface KafkaListener {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly advertisedHost: string;
  readonly advertisedPort: number;
}

const form = /^([A-Z][A-Z0-9_]*):\/\/([^:=,/]+):(\d+)=([^:=,/]+):(\d+)$/;

/**
 * Reads `TRUEUP_KAFKA_LISTENERS`: `NAME://host:port=advertisedHost:advertisedPort`, comma-separated.
 * A client that enters through such a listener is sent on to the advertised address: a proxy can stand there.
 */
export function parseKafkaListeners(text: string | undefined): KafkaListener[] {
  const listeners = (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)
    .map(parseListener);
  const names = new Set(['BROKER', 'CONTROLLER']);
  for (const { name } of listeners) {
    if (names.has(name)) throw malformed(`the name ${name} is taken`);
    names.add(name);
  }
  return listeners;
}

function parseListener(item: string): KafkaListener {
  const match = form.exec(item);
  if (match === null) throw malformed(`"${item}" is not one`);
  const [, name, host, port, advertisedHost, advertisedPort] = match as unknown as string[];
  const listener = {
    name: name!,
    host: host!,
    port: Number(port),
    advertisedHost: advertisedHost!,
    advertisedPort: Number(advertisedPort),
  };
  if (![listener.port, listener.advertisedPort].every((number) => number > 0 && number < 65_536)) {
    throw malformed(`"${item}" has a port outside 1 to 65535`);
  }
  return listener;
}

function malformed(why: string): StartFailure {
  return new StartFailure(
    `TRUEUP_KAFKA_LISTENERS must list NAME://host:port=advertisedHost:advertisedPort, separated by commas: ${why}.`,
  );
}
