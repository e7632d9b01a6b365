import { describe, expect, it } from 'vitest';
import { isGuessable } from './guessable-password.js';

describe('a password', () => {
  it.each([
    'aaaaaaaaaaaa',
    'abababababab',
    '123456789012',
    '0987654321098',
    'abcdefghijkl',
    'password1234',
    'PASSWORD2026!',
    'P@ssw0rd!2026',
    'trueup-admin-1',
    'TrueUp-2026-!!',
    'welcome.welcome',
    'qwertyuiop12',
    'Autotask#2026',
    '1q2w3e4r5t6z',
    'ｐａｓｓｗｏｒｄ1234',
    'summer-winter-1',
  ])('is one of the first that anybody tries: %s', (password) => {
    expect(isGuessable(password)).toBe(true);
  });

  it.each([
    'correct horse battery',
    'staple battery horse',
    'my password is a long one',
    'the dragon eats at noon',
    '4711 0815 1893 2077',
    'пароль очень длинный',
    '密码很长很长很长很长的',
    'xkR7#vv_2p-qLm',
    '            a b c d e',
    'x'.repeat(10) + 'qzvmwk'.repeat(41),
  ])('may be of any letters: %s', (password) => {
    expect(isGuessable(password)).toBe(false);
  });
});
