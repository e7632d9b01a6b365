import { describe, expect, it } from 'vitest';
import { chooseParts } from './choose-parts.js';
import { ContainerParts } from './container-parts.js';
import { LocalParts } from './local-parts.js';

const machineWith =
  (...programs: string[]) =>
  (command: string): boolean =>
    programs.includes(command);

describe('the servers of integration tests', () => {
  it('are local ones where a JDK and Maven exist, Docker or not', async () => {
    const parts = await chooseParts(machineWith('java', 'mvn', 'docker'));
    await parts.stop();

    expect(parts).toBeInstanceOf(LocalParts);
  });

  it('are containers where only Docker runs', async () => {
    expect(await chooseParts(machineWith('java', 'docker'))).toBeInstanceOf(ContainerParts);
  });

  it('are refused, not left out, where neither exists', async () => {
    await expect(chooseParts(machineWith())).rejects.toThrow(/JDK 17 or later and Maven, or start Docker/);
  });
});
