import { describe, expect, it } from 'vitest';
import { numberText, shapeOf, typedNumber, variant, type Schema } from '../src/lib/jsonschema';
import { OPS } from '../src/lib/ops';
import { packed, unpacked } from '../src/lib/packed';

describe('a text in an address', () => {
  it('comes back as it was', async () => {
    const text = 'title = "é <img> \u{1F30D}"\n[[edits]]\nop = "void_pact"\n';
    const made = await packed(text);
    expect(made).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(await unpacked(made ?? '')).toBe(text);
    expect(await unpacked((await packed('')) ?? '')).toBe('');
  });

  it('is refused where it is too long, cut, or unfolds without end', async () => {
    const noise = Array.from({ length: 4000 }, (_, i) => (i * 2654435761).toString(36)).join('');
    expect(await packed(noise)).toBeNull();
    expect(await unpacked('!!')).toBeNull();
    expect(await unpacked('AAAA')).toBeNull();
    const bomb = await packed('a'.repeat(1_000_000));
    expect(bomb).not.toBeNull();
    expect(await unpacked(bomb ?? '')).toBeNull();
  });
});

describe('an uncertain number', () => {
  it.each([
    ['0.5', 0.5],
    ['0.2 to 0.4', [0.2, 0.4]],
    ['0.2..0.4', [0.2, 0.4]],
    ['0.5 ± 0.1', { mean: 0.5, sd: 0.1 }],
    ['\u22120.5', -0.5],
  ])('reads %s and writes it so that it is read again', (text, value) => {
    expect(typedNumber(text)).toEqual(value);
    expect(typedNumber(numberText(value))).toEqual(value);
  });

  it.each(['', 'much', '1 to', '1 to 2 to 3', 'NaN', 'Infinity'])('does not read %s', (text) => {
    expect(typedNumber(text)).toBeUndefined();
  });
});

describe('the form of a schema', () => {
  const actor = { type: 'string', pattern: '^[A-Z][A-Z0-9_]{1,11}$' };
  const root: Schema = { $defs: { Op: { properties: { op: { const: 'x' } } }, Member: { properties: { actor } } } };

  it('asks for each kind of value in its own way', () => {
    expect(shapeOf(actor, root, 'behalf').is).toBe('actor');
    expect(shapeOf(actor, root, 'id').is).toBe('text');
    expect(shapeOf({ type: 'string' }, root, 'pact').is).toBe('pact');
    expect(shapeOf({ type: 'array', items: { anyOf: [actor, { $ref: '#/$defs/Member' }] } }, root, 'members').is).toBe('actors');
    expect(shapeOf({ anyOf: [{ type: 'number', minimum: 0, maximum: 1 }] }, root, 'factor')).toEqual({ is: 'uncertain', low: 0, high: 1 });
    expect(shapeOf({ const: 'x' }, root, 'op').is).toBe('none');
    expect(shapeOf({ type: 'string', format: 'date' }, root, 'end').is).toBe('date');
    expect(shapeOf({ enum: ['a', 'b'] }, root, 'kind')).toEqual({ is: 'word', words: ['a', 'b'] });
  });

  it('finds the fields of an edit by its op', () => {
    const list: Schema = { items: { discriminator: { mapping: { x: '#/$defs/Op' } } } };
    expect(variant(list, 'x', root)).toBe(root.$defs?.Op);
    expect(variant(list, 'y', root)).toBeNull();
  });
});

describe('a new edit', () => {
  it('names only who is there, and an id that is not', () => {
    const known = {
      actors: [{ id: 'GMY', name: 'Germany' }, { id: 'NEW', name: 'x' }, { id: 'RUS', name: 'Russia' }],
      pacts: [{ id: 'new-pact', name: 'x', kind: 'treaty', members: [] }],
      ties: [], events: [], sources: [],
    };
    expect(OPS.add_pact?.start(known)).toMatchObject({ pact: { id: 'new-pact-2', members: ['GMY', 'NEW'] } });
    expect(OPS.add_actor?.start(known)).toMatchObject({ actor: { id: 'NEW2' } });
    expect(OPS.remove_tie?.start(known)).toBeNull();
  });
});
