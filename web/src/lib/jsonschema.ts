// The little of JSON Schema that the server's schemas of scenarios use, read for a form.

export interface Schema {
  $ref?: string;
  type?: string;
  const?: unknown;
  enum?: string[];
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  discriminator?: { mapping: Record<string, string> };
  $defs?: Record<string, Schema>;
}

export type Shape =
  | { is: 'actor' | 'actors' | 'pact' | 'text' | 'flag' | 'date' | 'whole' }
  | { is: 'word' | 'words'; words: string[] }
  | { is: 'number'; low?: number; high?: number }
  | { is: 'uncertain'; low?: number; high?: number }
  | { is: 'table' | 'tables'; schema: Schema }
  | { is: 'none' };

const ACTOR = '^[A-Z][A-Z0-9_]{1,11}$';

export function resolved(schema: Schema, root: Schema): Schema {
  if (!schema.$ref) return schema;
  return root.$defs?.[schema.$ref.replace('#/$defs/', '')] ?? {};
}

/** How a field is asked for. `name` tells a pact that is chosen from an id that is made up. */
export function shapeOf(given: Schema, root: Schema, name: string): Shape {
  const schema = resolved(given, root);
  if (schema.const !== undefined) return { is: 'none' };
  if (schema.enum) return { is: 'word', words: schema.enum };
  const first = schema.anyOf?.[0];
  if (first?.type === 'number') return { is: 'uncertain', low: first.minimum, high: first.maximum };
  if (schema.type === 'boolean') return { is: 'flag' };
  if (schema.type === 'number') return { is: 'number', low: schema.minimum, high: schema.maximum };
  if (schema.type === 'integer') return { is: 'whole' };
  if (schema.type === 'string') {
    if (schema.format === 'date') return { is: 'date' };
    if (schema.pattern === ACTOR && name !== 'id') return { is: 'actor' };
    return { is: name === 'pact' ? 'pact' : 'text' };
  }
  if (schema.type === 'array') return listOf(resolved(schema.items ?? {}, root));
  return schema.properties ? { is: 'table', schema } : { is: 'none' };
}

function listOf(item: Schema): Shape {
  if (item.enum) return { is: 'words', words: item.enum };
  if (item.pattern === ACTOR || item.anyOf?.some(({ pattern }) => pattern === ACTOR)) return { is: 'actors' };
  return item.properties ? { is: 'tables', schema: item } : { is: 'none' };
}

/** The schema of an entry that names its kind, such as an edit by its `op`. */
export function variant(list: Schema, kind: string, root: Schema): Schema | null {
  const ref = list.items?.discriminator?.mapping[kind];
  return ref ? resolved({ $ref: ref }, root) : null;
}

/** An uncertain number as typed: `0.5`, `0.2 to 0.4`, `0.5 ± 0.1`; undefined for what is none. */
export function typedNumber(text: string): number | [number, number] | { mean: number; sd: number } | undefined {
  const parts = text.trim().replaceAll('\u2212', '-').split(/\s*(?:to|\.\.|–|±|\+-)\s*/);
  const numbers = parts.map((part) => (part === '' ? NaN : Number(part)));
  const [a, b] = numbers;
  if (a === undefined || numbers.some((one) => !Number.isFinite(one)) || numbers.length > 2) return undefined;
  if (b === undefined) return a;
  return /±|\+-/.test(text) ? { mean: a, sd: b } : [a, b];
}

export function numberText(value: unknown): string {
  if (Array.isArray(value)) return value.join(' to ');
  if (value && typeof value === 'object' && 'mean' in value && 'sd' in value) return `${value.mean} ± ${value.sd}`;
  return value === undefined || value === null ? '' : String(value);
}
