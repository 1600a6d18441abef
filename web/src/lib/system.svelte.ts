import { systems } from './api';
import { problemOf } from './asked.svelte';
import type { Problem, SystemEntry, SystemParams } from './types';
import { url } from './url.svelte';

/** The system that the page is about (`?in=`) and those that there are. */
class Systems {
  list = $state.raw<SystemEntry[]>([]);
  problem = $state.raw<Problem | null>(null);
  loading = $state(false);
  #asked = false;

  /** `?in=`, or the first bundled scenario. */
  id = $derived(url.text('in') ?? this.list.find(({ kind }) => kind === 'bundled')?.id ?? null);
  whatIf = $derived(url.text('what_if'));

  /** The entry of the list; a date or a year belongs to the real states' entry. */
  entry = $derived(
    this.list.find(({ id }) => id === this.id) ??
      (this.isReal(this.id) ? (this.list.find(({ kind }) => kind === 'real') ?? null) : null),
  );

  /** What every question on one system takes; null until a system is known. */
  params = $derived<SystemParams | null>(
    this.id === null ? null : this.whatIf ? { in: this.id, what_if: this.whatIf } : { in: this.id },
  );

  isReal(id: string | null): boolean {
    return id !== null && /^\d{4}(-\d\d-\d\d)?$/.test(id);
  }

  /** Asks the server once; `again` after a scenario file was saved. */
  async load(again = false): Promise<void> {
    if (this.#asked && !again) return;
    this.#asked = true;
    this.loading = true;
    try {
      this.list = await systems();
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
