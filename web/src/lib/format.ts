import { format } from 'd3-format';
import type { Cell, Column, Interval, Value } from './types';

export const UNKNOWN = 'unknown';

export function isInterval(value: unknown): value is Interval {
  return typeof value === 'object' && value !== null && 'mean' in value && 'low' in value && 'high' in value;
}

/** The middle of a value, or null where it is unknown. */
export function mean(value: Value): number | null {
  const middle = isInterval(value) ? value.mean : value;
  return typeof middle === 'number' && Number.isFinite(middle) ? middle : null;
}

/** Lowest and highest that the value may be; both null where it has no interval. */
export function bounds(value: Value): [number, number] | null {
  if (!isInterval(value)) return null;
  return Number.isFinite(value.low) && Number.isFinite(value.high) ? [value.low, value.high] : null;
}

const grouped = format(',.0f');
const plain = format('.3~r');
const tiny = format('.2~e');
const few = format('.2~r');

/** Three figures that matter; whole numbers whole; unknown is "unknown". */
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN;
  const size = Math.abs(value);
  if (size >= 1000 || (Number.isInteger(value) && size < 1000)) return minus(grouped(value));
  return minus(size < 1e-6 ? tiny(value) : plain(value));
}

function minus(text: string): string {
  return text.replaceAll('-', '\u2212');
}

/** Names as in a sentence: "A, B and C". */
export function listed(names: string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** A share as a percentage. A small share keeps two figures, however small; a large one does not become 100 % by rounding. */
export function percent(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN;
  const hundred = value * 100;
  if (hundred > 0 && hundred < 0.1) return `${few(hundred)} %`;
  if (hundred < 100 && hundred > 99.9) return '> 99.9 %';
  return `${minus(plain(hundred >= 10 ? Math.round(hundred * 10) / 10 : hundred))} %`;
}

/** Decimals at which an interval's width has two figures. */
function decimalsFor(width: number): number {
  return Math.min(6, Math.max(0, Math.ceil(-Math.log10(width)) + 1));
}

// What is rounded to zero, or a share to 100 %, without being it, is said to be below or above the last digit; a trace below 0 is said in words.
function fixed(value: number, decimals: number, whole: boolean): string {
  const text = format(`,.${decimals}f`)(value);
  const last = 10 ** -decimals;
  if (value !== 0 && Number(value.toFixed(decimals)) === 0) return value > 0 ? `<${last.toFixed(decimals)}` : 'just below 0';
  if (whole && value < 100 && Number(value.toFixed(decimals)) === 100) return `>${(100 - last).toFixed(decimals)}`;
  return minus(text);
}

/**
 * A value with its interval, to the figures that the interval leaves: "0.42 (0.31 to 0.55)"; `unit` '%' reads shares as
 * percentages, 'points' differences of shares as percentage points.
 */
export function valueText(value: Value, unit = ''): string {
  const points = unit === 'points';
  const share = unit === '%' || points;
  const middle = mean(value);
  if (middle === null) return UNKNOWN;
  const range = bounds(value);
  const after = unit && unit !== '%' ? ` ${unit}` : '';
  const alone = points ? number(middle * 100) : share ? percent(middle) : number(middle);
  if (!range) return `${alone}${after}`;
  // The same in every draw.
  if (range[0] === range[1]) return `${alone}${after} in all draws`;
  const scale = share ? 100 : 1;
  const needed = decimalsFor((range[1] - range[0]) * scale);
  const decimals = unit === '%' && middle > 0.99 ? Math.min(1, needed) : needed;
  const [centre, low, high] = [middle, ...range].map((end) => fixed(end * scale, decimals, unit === '%'));
  return `${centre}${unit === '%' ? ' %' : after} (${low} to ${high})`;
}

/** One cell of a table. Years and identifiers (`int`) are never grouped by thousands below 10,000. */
export function cellText(cell: Cell | undefined, column: Column): string {
  if (cell === null || cell === undefined || (typeof cell === 'number' && Number.isNaN(cell))) return UNKNOWN;
  if (isInterval(cell)) return valueText(cell, column.unit === '%' ? '%' : '');
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  if (typeof cell === 'string') return cell;
  if (column.type === 'int' && Math.abs(cell) < 10_000) return minus(String(cell));
  return column.unit === '%' ? percent(cell) : number(cell);
}

/** "about 2 min" from seconds. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return UNKNOWN;
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** "3 draws", "1 draw". */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${number(count)} ${count === 1 ? singular : plural}`;
}
