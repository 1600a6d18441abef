import { scenarios } from './api';
import { problemOf } from './asked.svelte';
import type { CheckedText, EditOp, Problem, SystemParams } from './types';
import { Undo } from './undo.svelte';

const KEPT = 'foedus.what-if.';
const PAUSE = 350;

/** The draft that this browser keeps for a base, and when it was written. */
export function kept(base: string): string | null {
  try {
    return localStorage.getItem(KEPT + base);
  } catch {
    return null;
  }
}

/** One text in the making: its history, its faults, and the same text as a document for the form. */
export class Draft {
  /** What was found in `text`; of the text before while `checking`. */
  found = $state.raw<CheckedText | null>(null);
  /** The last document that could be read, for the form while the text is no TOML. */
  document = $state.raw<Record<string, any>>({});
  problem = $state.raw<Problem | null>(null);
  checking = $state(false);
  /** Another tab has written a draft of the same base since. */
  foreign = $state.raw<string | null>(null);
  /** The file that holds the text: its name, hash and text when it was last read or written. */
  file = $state.raw<{ name: string; hash: string; text: string } | null>(null);
  base = $state.raw<SystemParams | null>(null);
  #history = new Undo<string>('');
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pending: string | null = null;
  #line: Promise<void> = Promise.resolve();
  #asked = 0;

  get text(): string {
    return this.#history.now;
  }

  get canUndo(): boolean {
    return this.#history.canUndo;
  }

  get canRedo(): boolean {
    return this.#history.canRedo;
  }

  /** Whether the text holds no fault and is not being looked at. */
  get sound(): boolean {
    return !this.checking && this.found !== null && this.found.problems.length === 0;
  }

  start(base: SystemParams, text: string): void {
    this.base = base;
    this.foreign = null;
    this.found = null;
    this.document = {};
    this.#pending = null;
    this.#history.reset(text);
    void this.check();
  }

  /** What is typed becomes one step when the typing pauses. */
  type(text: string): void {
    this.#pending = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), PAUSE);
  }

  flush(): void {
    clearTimeout(this.#timer);
    if (this.#pending === null) return;
    const text = this.#pending;
    this.#pending = null;
    this.push(text);
  }

  push(text: string): void {
    if (text === this.text) return;
    this.#history.push(text);
    this.#keep();
    void this.check();
  }

  undo(): void {
    this.flush();
    this.#history.undo();
    this.#keep();
    void this.check();
  }

  redo(): void {
    this.#history.redo();
    this.#keep();
    void this.check();
  }

  /** Changes the text through the form: comments and layout stay. Edits wait for each other. */
  act(op: EditOp, path: string, value?: unknown): Promise<void> {
    this.flush();
    this.#line = this.#line.then(async () => {
      const asked = ++this.#asked;
      this.checking = true;
      try {
        const { text, ...found } = await scenarios.edit(this.text, this.base, op, path, value);
        this.#history.push(text);
        this.#keep();
        if (asked === this.#asked) this.#hold(found);
      } catch (error) {
        this.problem = problemOf(error);
      } finally {
        if (asked === this.#asked) this.checking = false;
      }
    });
    return this.#line;
  }

  async check(): Promise<void> {
    const asked = ++this.#asked;
    this.checking = true;
    try {
      const found = await scenarios.check(this.text, this.base);
      if (asked === this.#asked) this.#hold(found);
    } catch (error) {
      if (asked === this.#asked) this.problem = problemOf(error);
    } finally {
      if (asked === this.#asked) this.checking = false;
    }
  }

  /** Watches for another tab that writes a draft of the same base. */
  listen(): () => void {
    const heard = (event: StorageEvent) => {
      if (this.base && event.key === KEPT + this.base.in && event.newValue !== null && event.newValue !== this.text)
        this.foreign = event.newValue;
    };
    addEventListener('storage', heard);
    return () => removeEventListener('storage', heard);
  }

  #hold(found: CheckedText): void {
    this.found = found;
    this.problem = null;
    if (found.document) this.document = found.document;
  }

  #keep(): void {
    if (!this.base) return;
    try {
      localStorage.setItem(KEPT + this.base.in, this.text);
    } catch {
      // A browser that keeps nothing: the address and the file still do.
    }
  }
}
