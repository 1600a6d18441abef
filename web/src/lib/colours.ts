// The palette (Okabe and Ito's, darkened or lightened until it stands out from the page in both themes) is in app.css
// as --bloc-0 ... --bloc-7. The same bloc has the same colour on map, network and bars.

export const PALETTE = 8;

export const NO_BLOC = 'var(--bloc-none)';

/** The colour of a bloc, counted from 0; of no bloc or an unknown one, grey. */
export function blocColour(bloc: number | null | undefined): string {
  if (bloc === null || bloc === undefined || !Number.isInteger(bloc) || bloc < 0) return NO_BLOC;
  return `var(--bloc-${bloc % PALETTE})`;
}

export function tieColour(sign: number): string {
  return sign < 0 ? 'var(--hostile)' : 'var(--friendly)';
}

function channel(byte: number): number {
  const share = byte / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function luminance(hex: string): number {
  const bytes = [1, 3, 5].map((start) => parseInt(hex.slice(start, start + 2), 16));
  const [red = 0, green = 0, blue = 0] = bytes.map(channel);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG's contrast ratio of two `#rrggbb` colours. */
export function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}
