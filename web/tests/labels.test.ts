import { describe, expect, it } from 'vitest';
import { labels, type Named } from '../src/lib/labels';

const LETTER = 6;
const LINE = 12;

function boxes(all: Named[], width = 400, height = 300, most = 50) {
  const at = new Map(all.map((one) => [one.id, one]));
  return labels(all, width, height, most, LETTER, LINE).map(({ id, text, dx, dy, anchor }) => {
    const { x, y } = at.get(id) as Named;
    const wide = text.length * LETTER;
    const left = x + dx - { start: 0, middle: wide / 2, end: wide }[anchor];
    return { id, x0: left, x1: left + wide, y0: y + dy - LINE + 2, y1: y + dy + 2 };
  });
}

function crowd(count: number): Named[] {
  // A fixed sequence without a pattern, so that the test is the same every time.
  let seed = 7;
  const next = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  return Array.from({ length: count }, (_, k) => ({ id: `n${k}`, x: next() * 400, y: next() * 300, r: 4, text: `State ${k}`, size: next() }));
}

describe('labels', () => {
  it('never lays a name on another or outside the drawing', () => {
    const found = boxes(crowd(150));
    expect(found.length).toBeGreaterThan(10);
    for (const [k, a] of found.entries()) {
      expect(a.x0).toBeGreaterThanOrEqual(0);
      expect(a.x1).toBeLessThanOrEqual(400);
      for (const b of found.slice(k + 1)) expect(a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1).toBe(false);
    }
  });

  it('names the largest first, and no more than asked for', () => {
    const all = crowd(150);
    const largest = [...all].sort((a, b) => b.size - a.size)[0] as Named;
    const found = boxes([...all.filter(({ id }) => id !== largest.id), { ...largest, x: 200, y: 150 }], 400, 300, 5);
    expect(found).toHaveLength(5);
    expect(found[0]?.id).toBe(largest.id);
  });

  it('finds room beside a dot where there is none above or below', () => {
    const wall = (id: string, y: number): Named => ({ id, x: 200, y, r: 4, text: 'a wall of a name', size: 9 });
    const found = labels([wall('a', 130), wall('b', 172), { id: 'c', x: 200, y: 150, r: 4, text: 'between', size: 1 }], 400, 300, 9, LETTER, LINE);
    expect(found.find(({ id }) => id === 'c')?.anchor).not.toBe('middle');
  });
});
