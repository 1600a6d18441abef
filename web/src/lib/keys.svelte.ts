import { untrack } from 'svelte';

export interface Shortcut {
  /** As `KeyboardEvent.key`, with "Ctrl+" before it where Control (or Command) is held; "g b" for two keys in turn. */
  keys: string;
  does: string;
  run: (event: KeyboardEvent) => void;
}

const WAIT = 1200;

function pressed(event: KeyboardEvent): string {
  const held = event.ctrlKey || event.metaKey ? 'Ctrl+' : '';
  return held + (held && event.shiftKey ? 'Shift+' : '') + (held ? event.key.toLowerCase() : event.key);
}

/** Whether typing goes into this element, so that plain letters are not shortcuts there. */
function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const tag = target.tagName;
  if (tag === 'INPUT') return !['checkbox', 'radio', 'button', 'range'].includes((target as HTMLInputElement).type);
  return tag === 'TEXTAREA' || tag === 'SELECT' || target.isContentEditable;
}

/** Space and Enter belong to what is pressed by them. */
function pressing(key: string, target: EventTarget | null): boolean {
  return (key === ' ' || key === 'Enter') && target instanceof HTMLElement && ['BUTTON', 'A', 'SUMMARY', 'INPUT'].includes(target.tagName);
}

class Keys {
  list = $state.raw<Shortcut[]>([]);
  #first = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Adds shortcuts; call what is returned to take them away (return it from an `$effect`). */
  add(...shortcuts: Shortcut[]): () => void {
    untrack(() => (this.list = [...this.list, ...shortcuts]));
    return () => {
      untrack(() => (this.list = this.list.filter((known) => !shortcuts.includes(known))));
    };
  }

  /** For `keydown` on the window: a figure prevents the default of the keys that it uses itself. */
  handle = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.altKey || document.querySelector('dialog[open]')) return;
    const key = pressed(event);
    if (pressing(key, event.target)) return;
    if (typing(event.target)) return;
    const pair = this.#first ? `${this.#first} ${key}` : '';
    const found = this.list.findLast((known) => known.keys === pair) ?? this.list.findLast((known) => known.keys === key);
    clearTimeout(this.#timer);
    this.#first = '';
    if (found) {
      event.preventDefault();
      found.run(event);
    } else if (this.list.some((known) => known.keys.startsWith(`${key} `))) {
      this.#first = key;
      this.#timer = setTimeout(() => (this.#first = ''), WAIT);
    }
  };
}

export const keys = new Keys();
