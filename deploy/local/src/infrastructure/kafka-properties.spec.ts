import { describe, expect, it } from 'vitest';
import { parseKafkaListeners } from './kafka-listeners.js';
import { kafkaProperties } from './kafka-properties.js';

const ports = { brokerPort: 4610, controllerPort: 4611 };
const setting = (text: string, key: string): string | undefined => new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1];

describe('the properties of the broker', () => {
  it('listen on loopback alone', () => {
    const text = kafkaProperties({ ...ports, extraListeners: [] }, '/data');

    expect(setting(text, 'listeners')).toBe('BROKER://127.0.0.1:4610,CONTROLLER://127.0.0.1:4611');
    expect(setting(text, 'advertised.listeners')).toBe('BROKER://127.0.0.1:4610');
  });

  it('keep every record on three nodes, two of which must have it', () => {
    const member = { index: 2, controllerPorts: [4611, 4615, 4617], clusterId: 'x' };
    const text = kafkaProperties({ brokerPort: 4616, controllerPort: 4617, extraListeners: [], member }, '/data');

    expect(setting(text, 'node.id')).toBe('3');
    expect(setting(text, 'controller.quorum.voters')).toBe('1@127.0.0.1:4611,2@127.0.0.1:4615,3@127.0.0.1:4617');
    expect(['default.replication.factor', 'min.insync.replicas'].map((key) => setting(text, key))).toEqual(['3', '2']);
  });

  it("send a client of an extra listener back to that listener's advertised address", () => {
    const extraListeners = parseKafkaListeners('PROXY://127.0.0.1:5001=proxy.local:5002');
    const text = kafkaProperties({ ...ports, extraListeners }, '/data');

    expect(setting(text, 'listeners')).toContain('PROXY://127.0.0.1:5001,');
    expect(setting(text, 'advertised.listeners')).toBe('BROKER://127.0.0.1:4610,PROXY://proxy.local:5002');
    expect(setting(text, 'listener.security.protocol.map')).toContain('PROXY:PLAINTEXT');
  });

  it.each([
    ['PROXY', /is not one/],
    ['PROXY://127.0.0.1:1', /is not one/],
    ['proxy://127.0.0.1:1=a:2', /is not one/],
    ['PROXY://127.0.0.1:70000=a:2', /1 to 65535/],
    ['BROKER://127.0.0.1:1=a:2', /BROKER is taken/],
    ['A://127.0.0.1:1=a:2,A://127.0.0.1:3=a:4', /A is taken/],
  ])('refuse the listeners %j', (text, sentence) => {
    expect(() => parseKafkaListeners(text)).toThrow(sentence);
  });

  it('know no extra listeners when nothing is said', () => {
    expect([parseKafkaListeners(undefined), parseKafkaListeners('')]).toEqual([[], []]);
  });
});
