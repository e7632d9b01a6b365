import { describe, expect, it } from 'vitest';
import { RememberedPlaces } from './remembered-places.js';

let nowMs = 0;
const placesOf = () => new RememberedPlaces({ holdsMs: 1_000, nowMs: () => nowMs });
const place = (id: string) => ({ recordIds: [id], location: id });

describe('the places of lines', () => {
  it('hold from the moment they were located, however often they are used', () => {
    const places = placesOf();
    places.put('a', place('1'));
    for (nowMs = 0; nowMs < 1_000; nowMs += 100) expect(places.find('a')).toEqual(place('1'));
    expect(places.find('a')).toBeUndefined();
  });

  it('are let go when they are over: memory follows what is in use', () => {
    const places = placesOf();
    const sizes: number[] = [];
    for (nowMs = 0; nowMs < 100_000; nowMs += 10) {
      places.put(`line ${nowMs}`, place('1'));
      sizes.push(places.size);
    }
    expect(Math.max(...sizes)).toBeLessThanOrEqual(101);
  });

  it('hold anew when they are located anew, and keep nothing of the line', () => {
    nowMs = 0;
    const places = placesOf();
    places.put('a', place('1'));
    nowMs = 900;
    places.put('a', { ...place('2'), line: { much: 'more' } } as never);
    nowMs = 1_500;
    expect(places.find('a')).toEqual(place('2'));
  });

  it('are forgotten one by one, or all together', () => {
    const places = placesOf();
    for (const key of ['a', 'b', 'c']) places.put(key, place(key));
    places.forget('a');
    expect([places.find('a'), places.find('b')]).toEqual([undefined, place('b')]);
    places.clear();
    expect(places.size).toBe(0);
  });
});
