import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from 'd3-force';

export interface Placed {
  id: string;
  x: number;
  y: number;
}

export interface SignedTie {
  source: string;
  target: string;
  sign: number;
  weight?: number;
}

const NEAR = 50;
const FAR = 220;
const STEPS = 300;

/** Places for a signed network: friends near, foes far. The same input gives the same places. */
export function layout(ids: readonly string[], ties: readonly SignedTie[]): Placed[] {
  const ring = Math.max(60, ids.length * 6);
  const nodes = ids.map((id, i) => ({
    id,
    x: ring * Math.cos((2 * Math.PI * i) / ids.length),
    y: ring * Math.sin((2 * Math.PI * i) / ids.length),
  }));
  const known = new Set(ids);
  const links = ties
    .filter(({ source, target }) => known.has(source) && known.has(target) && source !== target)
    .map(({ source, target, sign }) => ({ source, target, sign }));
  const simulation = forceSimulation(nodes)
    .force('charge', forceManyBody().strength(-120))
    .force('x', forceX(0).strength(0.06))
    .force('y', forceY(0).strength(0.09))
    .force('collide', forceCollide(18))
    .force(
      'ties',
      forceLink<Placed, { source: string; target: string; sign: number }>(links)
        .id((node) => node.id)
        .distance(({ sign }) => (sign < 0 ? FAR : NEAR))
        .strength(({ sign }) => (sign < 0 ? 0.15 : 0.5)),
    )
    .stop();
  simulation.tick(STEPS);
  return nodes.map(({ id, x, y }) => ({ id, x, y }));
}

/** The id nearest to `from` in the direction of an arrow key; the same id where there is none. */
export function nearest(places: readonly Placed[], from: string, key: string): string {
  const here = places.find(({ id }) => id === from);
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (!here || !way) return from;
  const [wx = 0, wy = 0] = way;
  let best = from;
  let least = Infinity;
  for (const { id, x, y } of places) {
    const along = (x - here.x) * wx + (y - here.y) * wy;
    const beside = Math.abs((x - here.x) * wy) + Math.abs((y - here.y) * wx);
    const cost = along + 2 * beside;
    if (id !== from && along > 0 && cost < least) {
      best = id;
      least = cost;
    }
  }
  return best;
}
