// Two answers to one question, number by number.

import { isInterval, mean } from './format';
import type { Interval } from './types';

export interface Pair {
  path: string;
  a: number | Interval | null;
  b: number | Interval | null;
  /** B less A; null where either is unknown. */
  difference: number | null;
}

type Leaf = number | Interval | null;
const NAMES = ['id', 'actor', 'name', 'year', 'date', 'belligerents'];

function leaves(value: unknown, path: string, found: Map<string, Leaf>): void {
  if (typeof value === 'number' || isInterval(value)) found.set(path, value as Leaf);
  else if (Array.isArray(value)) value.forEach((one, i) => leaves(one, `${path}/${label(one, i)}`, found));
  else if (value && typeof value === 'object')
    for (const [key, one] of Object.entries(value)) {
      if (one === null) found.set(path ? `${path}/${key}` : key, null);
      else if (!NAMES.includes(key)) leaves(one, path ? `${path}/${key}` : key, found);
    }
}

function label(one: unknown, i: number): string {
  if (one && typeof one === 'object')
    for (const name of NAMES) {
      const value = (one as Record<string, unknown>)[name];
      if (typeof value === 'string' || typeof value === 'number') return String(value);
    }
  return String(i);
}

/** The numbers that stand in either answer, those of `without` left out; what differs most comes first. */
export function compared(a: unknown, b: unknown, without: readonly string[] = ['stage', 'network']): Pair[] {
  const [left, right] = [new Map<string, Leaf>(), new Map<string, Leaf>()];
  leaves(a, '', left);
  leaves(b, '', right);
  const paths = [...new Set([...left.keys(), ...right.keys()])].filter((path) => !without.some((key) => path.startsWith(`${key}/`)));
  const pairs = paths.map((path) => {
    const [x, y] = [left.get(path) ?? null, right.get(path) ?? null];
    const [from, to] = [mean(x), mean(y)];
    return { path, a: x, b: y, difference: from === null || to === null ? null : to - from };
  });
  const size = ({ a: x, b: y, difference }: Pair) =>
    difference === null ? -1 : Math.abs(difference) / (Math.abs(mean(x) ?? 0) + Math.abs(mean(y) ?? 0) || 1);
  return pairs.sort((x, y) => size(y) - size(x));
}
