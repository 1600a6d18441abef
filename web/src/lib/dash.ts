/** Hostile ties are dashed as well as coloured; friendly ones solid. */
export function tieDash(sign: number): string | undefined {
  return sign < 0 ? '5 4' : undefined;
}

/** A frustrated tie (friend across blocs, foe inside one) is dotted closely, so that it differs from both. */
export function frustratedDash(sign: number): string {
  return sign < 0 ? '2 3' : '9 2 2 2';
}
