import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blocColour, contrast, NO_BLOC, PALETTE, tieColour } from '../src/lib/colours';
import { frustratedDash, tieDash } from '../src/lib/dash';

const sheet = readFileSync(new URL('../src/app.css', import.meta.url), 'utf8');

function palette(selector: string): Map<string, string> {
  const start = sheet.indexOf(`${selector} {`);
  const block = sheet.slice(start, sheet.indexOf('}', start));
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1] ?? '', match[2] ?? '']));
}

const themes = [
  ['light', palette(':root')],
  ['dark', palette(":root[data-theme='dark']")],
] as const;

describe.each(themes)('colours, %s', (_name, colours) => {
  const paper = colours.get('paper') ?? '';
  const drawn = [...colours.keys()].filter((name) => name.startsWith('bloc-') || name === 'hostile' || name === 'friendly');

  it('has every colour of the palette', () => {
    expect(drawn).toHaveLength(PALETTE + 3);
  });

  it.each(['ink', 'quiet', 'accent', 'bad', 'good'])('text in %s is at least 4.5:1', (name) => {
    for (const ground of [paper, colours.get('raised') ?? ''])
      expect(contrast(colours.get(name) ?? '', ground)).toBeGreaterThanOrEqual(4.5);
  });

  it('what is drawn and the edges of controls are at least 3:1', () => {
    for (const name of [...drawn, 'edge']) expect(contrast(colours.get(name) ?? '', paper), name).toBeGreaterThanOrEqual(3);
  });

  it('no two blocs share a colour', () => {
    expect(new Set(drawn.map((name) => colours.get(name))).size).toBe(drawn.length);
  });
});

describe('which colour', () => {
  it('turns round the palette and gives grey where the bloc is unknown', () => {
    expect(blocColour(1)).toBe('var(--bloc-1)');
    expect(blocColour(PALETTE + 1)).toBe('var(--bloc-1)');
    expect([null, undefined, -1, 0.5].map(blocColour)).toEqual([NO_BLOC, NO_BLOC, NO_BLOC, NO_BLOC]);
  });

  it('tells hostile from friendly by dashes too', () => {
    expect(tieColour(-1)).not.toBe(tieColour(1));
    expect(tieDash(1)).toBeUndefined();
    expect(new Set([tieDash(-1), frustratedDash(1), frustratedDash(-1)]).size).toBe(3);
  });

  it('measures contrast as WCAG does', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });
});
