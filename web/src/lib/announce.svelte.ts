import { untrack } from 'svelte';

class Announcer {
  text = $state('');

  /** Says `text` to screen readers through the page's live region, also when it is the same text again. */
  say(text: string): void {
    untrack(() => (this.text = this.text === text ? `${text}\u00a0` : text));
  }
}

export const announcer = new Announcer();

export function announce(text: string): void {
  announcer.say(text);
}
