import { describe, expect, it } from 'vitest';
import { classifyAnswer, nameRefusal } from './classify-answer.js';

const answer = (status: number, body: unknown) => ({ status, headers: {}, text: JSON.stringify(body) ?? '', body });
const errors = (text: string, status = 500) => answer(status, { errors: [text] });

describe("the meaning of Autotask's answers", () => {
  it.each([
    ['Zone information could not be determined', 'auth'],
    ['IntegrationCode is invalid', 'auth'],
    ['Unable to find foo in the Contract Entity.', 'refused'],
    ["Queries are limited to 500 or fewer 'OR' conditions", 'refused'],
    ['ContractServiceAdjustment.effectiveDate must be between the start date and end date of the Contract', 'refused'],
    ['Attempt to insert duplicate data into contract_service_period', 'refused'],
    ['Timeout expired.  The timeout period elapsed', 'unknown'],
    ['Transaction was deadlocked on lock resources', 'unknown'],
    ['The thread threshold of 3 threads has been exceeded', 'limited'],
    ['Itgenatr005', 'limited'],
    ['The request threshold of 10000 requests per 60 minutes has been exceeded. The API is suspended.', 'limited'],
  ])('is read from the text of a 500: %s', (text, meaning) => {
    expect(classifyAnswer(errors(text))).toBe(meaning);
  });

  it('is a limit wherever the status says so', () => {
    expect(classifyAnswer(errors('words that nobody has recorded', 429))).toBe('limited');
  });

  it('is no success where a 200 carries errors, or no JSON at all', () => {
    expect(classifyAnswer(errors('no', 200))).toBe('refused');
    expect(classifyAnswer(answer(200, undefined))).toBe('unknown');
    expect(classifyAnswer(answer(200, { itemId: null }))).toBeUndefined();
  });

  it('is "moved" for a path that is not there, and open for what the framework answers', () => {
    expect(classifyAnswer(answer(404, { Message: 'No HTTP resource was found' }))).toBe('moved');
    expect([405, 401, 503].map((status) => classifyAnswer(answer(status, { Message: 'x' })))).toEqual(Array(3).fill(undefined));
  });

  it('reads errors that are objects', () => {
    expect(classifyAnswer(answer(500, { errors: [{ message: 'IntegrationCode is invalid' }] }))).toBe('auth');
  });

  it('has words for a taken date and a posted period', () => {
    const posted =
      'Unable to make changes as it would result in the modification of an already approved and posted contract period';
    const texts = ['Attempt to insert duplicate data into contract_service_period', posted, 'something else'];
    expect(texts.map((text) => nameRefusal(errors(text))?.code)).toEqual(['EFFECTIVE_DATE_TAKEN', 'PERIOD_POSTED', undefined]);
  });
});
