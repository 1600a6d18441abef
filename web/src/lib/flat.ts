import { isInterval } from './format';
import type { Value } from './types';

/** A value of a row whose interval is in its columns `low` and `high`. */
export function between(row: Record<string, unknown>, name: string): Value {
  const { low, high } = row;
  const value = row[name];
  if (isInterval(value)) return value;
  if (typeof value !== 'number') return null;
  return typeof low === 'number' && typeof high === 'number' ? { mean: value, low, high } : value;
}
