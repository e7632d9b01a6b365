import { describe, expect, it } from 'vitest';
import { classifyAnswer } from './http-answer.js';

describe('the table of answers', () => {
  it.each([
    [200, 'ok'],
    [204, 'ok'],
    [302, 'moved'],
    [400, 'refused'],
    [401, 'auth'],
    [403, 'auth'],
    [404, 'refused'],
    [408, 'unknown'],
    [409, 'refused'],
    [429, 'limited'],
    [500, 'unknown'],
    [503, 'unknown'],
  ])('reads %i as %s', (status, meaning) => {
    expect(classifyAnswer({ status, headers: {}, text: '', body: undefined })).toBe(meaning);
  });
});
