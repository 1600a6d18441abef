import { describe, expect, it } from 'vitest';
import { compared } from '../src/lib/compare';

const one = { size: { mean: 4, low: 3, high: 5 }, actors: [{ id: 'AUH', p: 1 }, { id: 'RUS', p: 0.4 }], stage: { nodes: [{ id: 'AUH', x: 1 }] }, gone: null };
const two = { size: { mean: 6, low: 5, high: 7 }, actors: [{ id: 'RUS', p: 0.5 }, { id: 'AUH', p: 1 }], stage: { nodes: [{ id: 'AUH', x: 2 }] }, gone: 3 };

describe('two answers', () => {
  const pairs = new Map(compared(one, two).map((pair) => [pair.path, pair]));

  it('are compared by name, wherever it stands', () => {
    expect(pairs.get('actors/RUS/p')?.difference).toBeCloseTo(0.1);
    expect(pairs.get('actors/AUH/p')?.difference).toBe(0);
    expect(pairs.get('size')?.difference).toBe(2);
  });

  it('say that what is unknown in one is unknown, not a difference', () => {
    expect(pairs.get('gone')).toEqual({ path: 'gone', a: null, b: 3, difference: null });
  });

  it('leave places in a drawing out and begin with the whole', () => {
    expect([...pairs.keys()].some((path) => path.startsWith('stage'))).toBe(false);
    expect(compared(one, two)[0]?.path).toBe('size');
  });
});
