import { WatermarkMoved } from '@trueup/persistence';
import { describe, expect, it } from 'vitest';
import { isAboutData } from './is-about-data.js';

const database = (code: string) => Object.assign(new Error('refused'), { driverError: { code } });
const moved = new WatermarkMoved({ group: 'g', topic: 't', partition: 0, from: 1n, to: 2n });

describe('isAboutData', () => {
  it.each([database('22008'), database('22P05'), database('23505'), new RangeError('not an instant'), new TypeError('a bug')])(
    'is true of %s',
    (error) => expect(isAboutData(error)).toBe(true),
  );

  it.each([
    database('57P01'),
    database('40P01'),
    database('53300'),
    moved,
    new Error('Connection terminated'),
    new Error('?'),
    'text',
  ])('is false of %s', (error) => expect(isAboutData(error)).toBe(false));
});
