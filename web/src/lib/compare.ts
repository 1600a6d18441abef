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
const NAMES = ['id', 'actor', 'a', 'b', 'name', 'year', 'date', 'from_day', 'belligerents'];
const ENDS = ['low', 'high'];

function leaves(value: unknown, path: string, found: Map<string, Leaf>): void {
  if (typeof value === 'number' || isInterval(value)) found.set(path, value as Leaf);
  else if (Array.isArray(value)) value.forEach((one, i) => leaves(one, `${path}/${label(one, i)}`, found));
  else if (value && typeof value === 'object')
    for (const [key, one] of Object.entries(value)) {
      if (one === null) found.set(path ? `${path}/${key}` : key, null);
      else if (!NAMES.includes(key) && !(ENDS.includes(key) && 'p' in value)) leaves(one, path ? `${path}/${key}` : key, found);
    }
}

/** What tells one entry of a list from another: its names and dates; else its place. */
function label(one: unknown, i: number): string {
  if (!one || typeof one !== 'object') return String(i);
  const said = NAMES.map((name) => (one as Record<string, unknown>)[name]).filter((value) => typeof value === 'string' || typeof value === 'number');
  return said.length ? said.slice(0, 2).join(', ') : String(i);
}

/** The numbers that stand in either answer, those of `without` left out; what is said of the whole comes first, then what differs most. */
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
  const depth = ({ path }: Pair) => path.split('/').length;
  return pairs.sort((x, y) => depth(x) - depth(y) || size(y) - size(x));
}
