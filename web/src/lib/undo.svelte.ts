/** The states of one thing that is edited, with undo and redo. The newest `depth` are kept. */
export class Undo<T> {
  #past = $state.raw<T[]>([]);
  #now = $state.raw<T>() as T;
  #future = $state.raw<T[]>([]);

  constructor(
    first: T,
    private readonly depth = 200,
    private readonly same: (a: T, b: T) => boolean = Object.is,
  ) {
    this.#now = first;
  }

  get now(): T {
    return this.#now;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** A new state; what was undone before it is gone. The same state again is not a step. */
  push(next: T): void {
    if (this.same(this.#now, next)) return;
    this.#past = [...this.#past, this.#now].slice(-this.depth);
    this.#now = next;
    this.#future = [];
  }

  undo(): T {
    const before = this.#past.at(-1);
    if (this.canUndo) {
      this.#future = [this.#now, ...this.#future];
      this.#past = this.#past.slice(0, -1);
      this.#now = before as T;
    }
    return this.#now;
  }

  redo(): T {
    const [after, ...rest] = this.#future;
    if (this.canRedo) {
      this.#past = [...this.#past, this.#now];
      this.#future = rest;
      this.#now = after as T;
    }
    return this.#now;
  }

  /** Starts anew from `first`, with nothing to undo. */
  reset(first: T): void {
    this.#past = [];
    this.#future = [];
    this.#now = first;
  }
}
