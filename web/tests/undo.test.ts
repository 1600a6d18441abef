import { describe, expect, it } from 'vitest';
import { Undo } from '../src/lib/undo.svelte';

describe('undo', () => {
  it('goes back and forth', () => {
    const text = new Undo('a');
    text.push('b');
    text.push('c');
    expect(text.undo()).toBe('b');
    expect(text.undo()).toBe('a');
    expect(text.undo()).toBe('a');
    expect(text.redo()).toBe('b');
    expect([text.now, text.canUndo, text.canRedo]).toEqual(['b', true, true]);
  });

  it('forgets what was undone once something new is done, and the same state is no step', () => {
    const text = new Undo('a');
    text.push('b');
    text.undo();
    text.push('a');
    expect(text.canRedo).toBe(true);
    text.push('c');
    expect(text.canRedo).toBe(false);
    expect(text.redo()).toBe('c');
  });

  it('keeps no more than its depth', () => {
    const count = new Undo(0, 3);
    for (let i = 1; i <= 10; i += 1) count.push(i);
    while (count.canUndo) count.undo();
    expect(count.now).toBe(7);
  });

  it('undoes to a state that is undefined', () => {
    const maybe = new Undo<number | undefined>(undefined);
    maybe.push(1);
    expect(maybe.undo()).toBeUndefined();
    expect(maybe.redo()).toBe(1);
  });
});
