import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SealBroken, seal, unseal } from './envelope.js';
import { MasterKey } from './master-key.js';

const key = randomBytes(32);
const place = ['ten_1', 'con_1', 'Secret'];

describe('the envelope', () => {
  it('opens what it sealed, whatever the text and the place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string()), (text, context) => {
        const plain = Buffer.from(text, 'utf8');
        expect(unseal(key, seal(key, plain, context), context)).toEqual(plain);
      }),
    );
  });

  it('never seals the same text twice alike', () => {
    const plain = Buffer.from('hunter2');
    expect(seal(key, plain, place).equals(seal(key, plain, place))).toBe(false);
  });

  it('does not show the text in the sealed bytes', () => {
    expect(seal(key, Buffer.from('canary-secret'), place).includes('canary-secret')).toBe(false);
  });

  it.each([
    ['another tenant', ['ten_2', 'con_1', 'Secret']],
    ['another connection', ['ten_1', 'con_2', 'Secret']],
    ['another field', ['ten_1', 'con_1', 'UserName']],
    ['the same letters cut elsewhere', ['ten_1', 'con_', '1Secret']],
  ])('stays shut in the place of %s', (_what, elsewhere) => {
    const sealed = seal(key, Buffer.from('text'), place);
    expect(() => unseal(key, sealed, elsewhere)).toThrow(SealBroken);
  });

  it('stays shut when any byte is changed or missing', () => {
    const sealed = seal(key, Buffer.from('some text'), place);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = changed[at]! ^ 1;
      expect(() => unseal(key, changed, place)).toThrow(SealBroken);
      expect(() => unseal(key, sealed.subarray(0, at), place)).toThrow(SealBroken);
    }
  });
});

describe('the master key', () => {
  it('opens only what it wrapped itself', () => {
    const wrapped = new MasterKey(key).wrap(Buffer.from('data key'), place);
    expect(new MasterKey(key).unwrap(new MasterKey(key).id, wrapped, place).toString()).toBe('data key');
    expect(() => new MasterKey(randomBytes(32)).unwrap(new MasterKey(key).id, wrapped, place)).toThrow(SealBroken);
  });

  it('is refused unless it has 32 bytes', () => {
    expect(() => MasterKey.fromBase64('dG9vIHNob3J0')).toThrow('32 bytes');
  });

  it('prints nothing of itself', () => {
    expect(JSON.stringify({ key: new MasterKey(key) })).toBe('{"key":"[secret]"}');
  });
});
