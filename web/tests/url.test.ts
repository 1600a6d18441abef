import { describe, expect, it } from 'vitest';
import { changed, split } from '../src/lib/url.svelte';

describe('the address', () => {
  it('sets, keeps and drops parameters', () => {
    expect(changed('?in=europe-1914&why=ITA', { why: null, year: 1914 })).toBe('?in=europe-1914&year=1914');
    expect(changed('?in=x', { in: '' })).toBe('');
    expect(changed('', { flag: false, on: true })).toBe('?flag=0&on=1');
  });

  it('writes a list so that it is read again, whatever its entries hold', () => {
    const entries = ['FRA', 'a, b', '50 %2C', 'void:PACT', 'é&=?#'];
    const query = new URLSearchParams(changed('', { actors: entries }));
    expect(split(query.get('actors'))).toEqual(entries);
  });

  it('drops an empty list and reads none as empty', () => {
    expect(changed('?actors=A', { actors: [] })).toBe('');
    expect(split(null)).toEqual([]);
  });
});
