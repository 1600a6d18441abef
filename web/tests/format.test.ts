import { describe, expect, it } from 'vitest';
import { cellText, duration, number, percent, UNKNOWN, valueText } from '../src/lib/format';
import type { Column } from '../src/lib/types';

const column = (type: Column['type'], unit = ''): Column => ({ name: 'x', label: 'X', unit, type });

describe('numbers', () => {
  it('never shows an unknown as zero', () => {
    for (const unknown of [null, undefined, NaN, Infinity]) {
      expect(number(unknown)).toBe(UNKNOWN);
      expect(percent(unknown)).toBe(UNKNOWN);
      expect(valueText(unknown)).toBe(UNKNOWN);
    }
    expect(cellText(null, column('float'))).toBe(UNKNOWN);
    expect(number(0)).toBe('0');
  });

  it('shows three figures, whole numbers whole, a true minus', () => {
    expect([0.12345, 12.345, 1234567, -0.5, 7].map(number)).toEqual(['0.123', '12.3', '1,234,567', '\u22120.5', '7']);
    expect([0.000012, 0.0005, 0.0000003].map(number)).toEqual(['0.000012', '0.0005', '3e\u22127']);
  });

  it('never rounds a share to certain or to impossible', () => {
    expect([0.0002, 0.000314, 0.0000251, 0.0000000251].map(percent)).toEqual(['0.02 %', '0.031 %', '0.0025 %', '0.0000025 %']);
    expect(percent(0.9999)).toBe('> 99.9 %');
    expect([0, 1, 0.425].map(percent)).toEqual(['0 %', '100 %', '42.5 %']);
  });

  it('shows the interval with the value, to the figures that it leaves', () => {
    expect(valueText({ mean: 0.42, low: 0.31, high: 0.55 })).toBe('0.42 (0.31 to 0.55)');
    expect(valueText({ mean: 0.4213, low: 0.3123, high: 0.5512 }, '%')).toBe('42 % (31 to 55)');
    expect(valueText({ mean: 0.038, low: 0.000627, high: 0.102 })).toBe('0.04 (<0.01 to 0.10)');
    expect(valueText({ mean: -0.0188, low: -0.159, high: 0.101 })).toBe('\u22120.02 (\u22120.16 to 0.10)');
    expect(valueText({ mean: 0.0015, low: 0.0002, high: 0.0055 }, 'points')).toBe('0.15 points (0.02 to 0.55)');
    expect(valueText({ mean: 3, low: 1, high: 9 }, 'states')).toBe('3.0 states (1.0 to 9.0)');
    expect(valueText(3, 'states')).toBe('3 states');
  });

  it('rounds no end of an interval to impossible or to certain', () => {
    expect(valueText({ mean: 0.995, low: 0.989, high: 0.99995 }, '%')).toBe('99.5 % (98.9 to >99.9)');
    expect(valueText({ mean: 0.01, low: 0.0000001, high: 0.05 }, '%')).toBe('1.0 % (<0.1 to 5.0)');
    expect(valueText({ mean: 0, low: -0.0001, high: 0.9 })).toBe('0.00 (just below 0 to 0.90)');
    expect(valueText({ mean: 1, low: 0.99984, high: 1 }, '%')).toBe('100.0 % (>99.9 to 100.0)');
    expect(valueText({ mean: 1, low: 1, high: 1 }, '%')).toBe('100 % in all draws');
  });

  it('groups no year by thousands', () => {
    expect(cellText(1914, column('int'))).toBe('1914');
    expect(cellText(true, column('bool'))).toBe('yes');
    expect(cellText({ mean: 1, low: 0, high: 2 }, column('float'))).toBe('1.0 (0.0 to 2.0)');
    expect(cellText(0.5, column('float', '%'))).toBe('50 %');
  });

  it('says how long', () => {
    expect([0.2, 45, 600, 9000, null].map(duration)).toEqual(['1 s', '45 s', '10 min', '2.5 h', UNKNOWN]);
  });
});
