import { describe, expect, it } from 'vitest';
import { hashPassword, verifyPassword } from './password-hash.js';

describe('a password hash', () => {
  it('is an argon2id PHC string with a salt of its own', async () => {
    const [first, second] = [await hashPassword('correct horse'), await hashPassword('correct horse')];
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(second).not.toBe(first);
  });

  it('tells the right password from every other', async () => {
    const stored = await hashPassword('correct horse');
    expect(await verifyPassword(stored, 'correct horse')).toEqual({ isRight: true, isOutdated: false });
    expect(await verifyPassword(stored, 'correct horsf')).toEqual({ isRight: false, isOutdated: false });
  });

  it('verifies what another implementation wrote', async () => {
    // Of the reference implementation's command line: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1
    const stored = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect((await verifyPassword(stored, 'password')).isRight).toBe(true);
  });

  it('takes composed and decomposed letters for the same', async () => {
    expect((await verifyPassword(await hashPassword('sch\u00f6n'), 'scho\u0308n')).isRight).toBe(true);
  });

  it('is outdated once it is cheaper than those made now', async () => {
    const stored = await hashPassword('correct horse', { memory: 1024, passes: 1, parallelism: 1 });
    expect(await verifyPassword(stored, 'correct horse')).toEqual({ isRight: true, isOutdated: true });
  });

  it('is never right where there is none', async () => {
    expect((await verifyPassword(null, '')).isRight).toBe(false);
  });
});
