import { isInterval } from './format';
import type { Value } from './types';

type Row = Record<string, unknown>;

/** A value of a row of the library's: `{mean, low, high}`, or flat as `name`, `name_low`, `name_high`. */
export function flat(row: Row, name: string): Value {
  const value = row[name];
  if (isInterval(value)) return value;
  if (typeof value !== 'number') return null;
  const [low, high] = [row[`${name}_low`], row[`${name}_high`]];
  return typeof low === 'number' && typeof high === 'number' ? { mean: value, low, high } : value;
}

/** A value of a row whose interval is in its columns `low` and `high`. */
export function between(row: Row, name: string): Value {
  const { low, high } = row;
  const value = row[name];
  if (isInterval(value)) return value;
  if (typeof value !== 'number') return null;
  return typeof low === 'number' && typeof high === 'number' ? { mean: value, low, high } : value;
}
