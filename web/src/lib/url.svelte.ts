// The page's state is the address: whatever a screen needs to be seen again is a query parameter.

export type QueryValue = string | number | boolean | readonly string[] | null | undefined;

/** The query string after `changes`: null, undefined, '' and [] drop the parameter. */
export function changed(search: string, changes: Record<string, QueryValue>): string {
  const query = new URLSearchParams(search);
  for (const [key, value] of Object.entries(changes)) {
    const text = written(value);
    if (text === null) query.delete(key);
    else query.set(key, text);
  }
  const text = query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
  return text ? `?${text}` : '';
}

function written(value: QueryValue): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (Array.isArray(value)) return value.length ? value.map(escaped).join(',') : null;
  return String(value);
}

// A comma or a percent sign inside one entry of a list is written so that the list can be split again.
function escaped(entry: string): string {
  return entry.replaceAll('%', '%25').replaceAll(',', '%2C');
}

export function split(text: string | null): string[] {
  if (!text) return [];
  return text.split(',').map((entry) => entry.replaceAll('%2C', ',').replaceAll('%25', '%'));
}

class Url {
  #search = $state(typeof location === 'undefined' ? '' : location.search);
  #query = $derived(new URLSearchParams(this.#search));

  constructor() {
    if (typeof window === 'undefined') return;
    window.addEventListener('popstate', () => (this.#search = location.search));
  }

  get search(): string {
    return this.#search;
  }

  has(key: string): boolean {
    return this.#query.has(key);
  }

  text(key: string): string | null;
  text(key: string, otherwise: string): string;
  text(key: string, otherwise: string | null = null): string | null {
    return this.#query.get(key) ?? otherwise;
  }

  number(key: string): number | null;
  number(key: string, otherwise: number): number;
  number(key: string, otherwise: number | null = null): number | null {
    const text = this.#query.get(key);
    const value = text === null || text.trim() === '' ? NaN : Number(text);
    return Number.isFinite(value) ? value : otherwise;
  }

  list(key: string): string[] {
    return split(this.#query.get(key));
  }

  flag(key: string, otherwise = false): boolean {
    const text = this.#query.get(key);
    return text === null ? otherwise : text === '1' || text === 'true';
  }

  /** Sets parameters; `replace` keeps the history as it is (sliders, typing). */
  set(changes: Record<string, QueryValue>, how: { replace?: boolean } = {}): void {
    const search = changed(this.#search, changes);
    if (search === this.#search) return;
    this.#search = search;
    const address = location.pathname + search;
    if (how.replace) history.replaceState(null, '', address);
    else history.pushState(null, '', address);
  }

  /** Another screen, with the system kept and what belonged to the old screen dropped. */
  go(screen: string, changes: Record<string, QueryValue> = {}): void {
    this.set({ ...this.#dropped(), screen, ...changes });
  }

  href(screen: string, changes: Record<string, QueryValue> = {}): string {
    return changed(this.#search, { ...this.#dropped(), screen, ...changes }) || '?';
  }

  /** The address to send to somebody: never holds the token. */
  link(): string {
    return location.origin + location.pathname + this.#search;
  }

  #dropped(): Record<string, null> {
    const kept = new Set(['in', 'date', 'what_if']);
    return Object.fromEntries([...this.#query.keys()].filter((key) => !kept.has(key)).map((key) => [key, null]));
  }
}

export const url = new Url();
