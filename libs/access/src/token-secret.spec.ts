import { describe, expect, it } from 'vitest';
import { hashOfToken, looksLikeTokenSecret, newTokenSecret, visiblePrefixOf } from './token-secret.js';

describe('token secrets', () => {
  it('carry 43 random base62 characters and a checksum', () => {
    const secret = newTokenSecret();
    expect(secret).toMatch(/^tru_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/);
    expect(looksLikeTokenSecret(secret)).toBe(true);
  });

  it('differ every time', () => {
    const secrets = new Set(Array.from({ length: 500 }, () => newTokenSecret()));
    expect(secrets.size).toBe(500);
  });

  it('fail their checksum when a character is changed', () => {
    const secret = newTokenSecret();
    const changed = secret.slice(0, 10) + (secret[10] === 'a' ? 'b' : 'a') + secret.slice(11);
    expect(looksLikeTokenSecret(changed)).toBe(false);
  });

  it.each(['', '_', 'tru', 'tru_', 'tru__', '__proto__'])('are not recognised in %j', (text) => {
    expect(looksLikeTokenSecret(text)).toBe(false);
  });

  it('are hashed with SHA-256', () => {
    expect(hashOfToken('abc').toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('show eight characters of a long secret and none of a short one', () => {
    expect([visiblePrefixOf('tru_aaaabbbbccccddddeeeeffffgggghhhh'), visiblePrefixOf('short')]).toEqual(['tru_aaaa', '']);
  });
});
