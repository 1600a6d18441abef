import { ApiError, ask } from './api';
import type { Envelope, Problem } from './types';

const KEPT = 40;
const cache = new Map<string, Envelope<unknown>>();

function keep(key: string, answer: Envelope<unknown>): void {
  cache.delete(key);
  cache.set(key, answer);
  const oldest = cache.keys().next().value;
  if (cache.size > KEPT && oldest !== undefined) cache.delete(oldest);
}

/** Forgets answers on a scenario file that has changed (or all). */
export function forget(system?: string): void {
  for (const key of [...cache.keys()]) if (!system || key.includes(JSON.stringify(system))) cache.delete(key);
}

export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  return { what: error instanceof Error ? error.message : String(error) };
}

/** A question whose answer follows its params: `answer` stays while the next one is `loading`. */
export class Asked<Data> {
  answer = $state.raw<Envelope<Data> | null>(null);
  problem = $state.raw<Problem | null>(null);
  loading = $state(false);
  #again = $state(0);

  /** `what` is read in an effect: call it while a component is set up. It gives null where nothing is to be asked. */
  constructor(question: string, what: () => Record<string, unknown> | null) {
    $effect(() => {
      void this.#again;
      const params = what();
      if (!params) {
        this.answer = null;
        this.problem = null;
        this.loading = false;
        return;
      }
      return this.#ask(question, params);
    });
  }

  retry(): void {
    this.#again += 1;
  }

  #ask(question: string, params: Record<string, unknown>): () => void {
    const key = JSON.stringify([question, params]);
    const known = cache.get(key);
    this.problem = null;
    if (known) {
      this.answer = known as Envelope<Data>;
      this.loading = false;
      return () => undefined;
    }
    const stop = new AbortController();
    this.loading = true;
    ask<Data>(question, params, stop.signal)
      .then((answer) => {
        if (stop.signal.aborted) return;
        keep(key, answer);
        this.answer = answer;
        this.loading = false;
      })
      .catch((error: unknown) => {
        if (stop.signal.aborted) return;
        this.answer = null;
        this.problem = problemOf(error);
        this.loading = false;
      });
    return () => stop.abort();
  }
}
