import { untrack } from 'svelte';
import { announce } from './announce.svelte';

export interface Message {
  id: number;
  text: string;
  bad: boolean;
}

const SHOWN = 5000;

class Toasts {
  list = $state.raw<Message[]>([]);
  #next = 1;

  show(text: string, bad = false): void {
    const message = { id: this.#next++, text, bad };
    untrack(() => (this.list = [...this.list, message].slice(-3)));
    announce(text);
    setTimeout(() => this.close(message.id), bad ? SHOWN * 2 : SHOWN);
  }

  close(id: number): void {
    this.list = this.list.filter((message) => message.id !== id);
  }
}

export const toasts = new Toasts();

export function toast(text: string, bad = false): void {
  toasts.show(text, bad);
}
