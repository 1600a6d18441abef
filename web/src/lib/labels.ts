// Which names are written and where, so that none lies on another: the largest first.

export interface Named {
  id: string;
  x: number;
  y: number;
  /** Radius of what the name belongs to. */
  r: number;
  text: string;
  size: number;
}

export interface Label {
  id: string;
  text: string;
  /** From the middle of what it belongs to. */
  dx: number;
  dy: number;
  anchor: 'start' | 'middle' | 'end';
}

interface Box {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

const meet = (a: Box, b: Box) => a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;

/** Names that fit inside `width` by `height`, at most `most`, at one of four places about their dot; `letter` is a letter's mean width. */
export function labels(all: readonly Named[], width: number, height: number, most: number, letter = 6.6, line = 13): Label[] {
  const taken: Box[] = [];
  const found: Label[] = [];
  const order = [...all].sort((a, b) => b.size - a.size);
  const dots = order.slice(0, 60).map(({ x, y, r }) => ({ x0: x - r * 0.7, y0: y - r * 0.7, x1: x + r * 0.7, y1: y + r * 0.7 }));
  for (const [rank, { id, x, y, r, text }] of order.entries()) {
    if (found.length >= most) break;
    const wide = text.length * letter;
    const tries: [Label['anchor'], number, number, number][] = [
      ['middle', 0, -r - 4, x - wide / 2],
      ['middle', 0, r + line - 1, x - wide / 2],
      ['start', r + 4, line / 2 - 3, x + r + 4],
      ['end', -r - 4, line / 2 - 3, x - r - 4 - wide],
    ];
    for (const [anchor, dx, dy, left] of tries) {
      const box = { x0: left - 1, y0: y + dy - line + 2, x1: left + wide + 1, y1: y + dy + 3 };
      if (box.x0 < 0 || box.x1 > width || box.y0 < 0 || box.y1 > height) continue;
      if (taken.some((other) => meet(box, other)) || dots.some((dot, k) => k !== rank && meet(box, dot))) continue;
      taken.push(box);
      found.push({ id, text, dx, dy, anchor });
      break;
    }
  }
  return found;
}
