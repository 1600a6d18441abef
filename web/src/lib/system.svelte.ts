import { about, systems } from './api';
import { problemOf } from './asked.svelte';
import type { About, Problem, SystemEntry, SystemParams } from './types';
import { url } from './url.svelte';

const OPENS_ON = '1914-07-28';

/** The real states, at any date that the data on this machine cover. */
function real({ store: { first = null, last = null } }: About): SystemEntry {
  return { id: 'real', title: 'Real states at a date', kind: 'real', date: OPENS_ON, first, last };
}

/** The system that the page is about (`?in=`) and those that there are. */
class Systems {
  list = $state.raw<SystemEntry[]>([]);
  about = $state.raw<About | null>(null);
  problem = $state.raw<Problem | null>(null);
  loading = $state(false);
  #asked = false;

  /** `?in=`, or what the server was told to open on. */
  id = $derived(url.text('in') ?? this.about?.opens ?? null);
  whatIf = $derived(url.text('what_if'));
  /** The date to which a scenario of dated facts is taken; null is its own. */
  date = $derived(url.text('date'));

  /** The entry of the list; a date or a year belongs to the real states' entry. */
  entry = $derived(
    this.list.find(({ id }) => id === this.id) ??
      (this.isReal(this.id) ? (this.list.find(({ kind }) => kind === 'real') ?? null) : null),
  );

  /** What every question on one system takes; null until a system is known. */
  params = $derived<SystemParams | null>(
    this.id === null
      ? null
      : { in: this.id, ...(this.date ? { date: this.date } : {}), ...(this.whatIf ? { what_if: this.whatIf } : {}) },
  );

  /** What World shows: `?over=`, real years where a year is asked for, else the system; null until that is known. */
  world = $derived(url.text('over') ?? (url.has('year') || this.isReal(this.id) ? 'real' : this.id));

  isReal(id: string | null): boolean {
    return id !== null && /^\d{4}(-\d\d-\d\d)?$/.test(id);
  }

  /** Asks the server once; `again` after a scenario file was saved. */
  async load(again = false): Promise<void> {
    if (this.#asked && !again) return;
    this.#asked = true;
    this.loading = true;
    try {
      const [head, list] = await Promise.all([about(), systems()]);
      this.about = head;
      this.list = list.some(({ kind }) => kind === 'real') || !head.store.here ? list : [...list, real(head)];
      this.problem = null;
    } catch (error) {
      this.problem = problemOf(error);
      this.#asked = false;
    } finally {
      this.loading = false;
    }
  }
}

export const system = new Systems();
