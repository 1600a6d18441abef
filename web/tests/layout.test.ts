import { describe, expect, it } from 'vitest';
import { layout, nearest } from '../src/lib/layout';
import { sorted } from '../src/lib/sort';

const ties = [
  { source: 'A', target: 'B', sign: 1 },
  { source: 'C', target: 'D', sign: 1 },
  ...['A', 'B'].flatMap((source) => ['C', 'D'].map((target) => ({ source, target, sign: -1 }))),
];

describe('layout', () => {
  it('puts friends nearer than foes, each time alike', () => {
    const places = layout(['A', 'C', 'B', 'D'], ties);
    const at = new Map(places.map((place) => [place.id, place]));
    const apart = (a: string, b: string) => Math.hypot(at.get(a)!.x - at.get(b)!.x, at.get(a)!.y - at.get(b)!.y);
    const friends = Math.max(apart('A', 'B'), apart('C', 'D'));
    const foes = Math.min(apart('A', 'C'), apart('A', 'D'), apart('B', 'C'), apart('B', 'D'));
    expect(friends).toBeLessThan(foes);
    expect(layout(['A', 'C', 'B', 'D'], ties)).toEqual(places);
  });

  it('places nobody, one, and ties to who is not there', () => {
    expect(layout([], [])).toEqual([]);
    expect(layout(['A'], [{ source: 'A', target: 'Z', sign: 1 }])).toHaveLength(1);
  });

  it('walks by arrow keys', () => {
    const places = [
      { id: 'middle', x: 0, y: 0 },
      { id: 'right', x: 10, y: 1 },
      { id: 'above', x: 0, y: -5 },
    ];
    expect(nearest(places, 'middle', 'ArrowRight')).toBe('right');
    expect(nearest(places, 'middle', 'ArrowUp')).toBe('above');
    expect(nearest(places, 'middle', 'ArrowLeft')).toBe('middle');
  });
});

describe('sorting', () => {
  const rows = [[2], [null], [{ mean: 1, low: 0, high: 9 }], [10]];

  it('leaves unknown last either way', () => {
    expect(sorted(rows, { column: 0, down: false }).map(({ row }) => row)).toEqual([2, 0, 3, 1]);
    expect(sorted(rows, { column: 0, down: true }).map(({ row }) => row)).toEqual([3, 0, 2, 1]);
    expect(sorted(rows, null).map(({ row }) => row)).toEqual([0, 1, 2, 3]);
  });
});
