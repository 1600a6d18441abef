import { isInterval } from './format';
import type { Cell } from './types';

export interface Order {
  column: number;
  down: boolean;
}

export interface SortedRow {
  cells: Cell[];
  /** Where the row stood before sorting. */
  row: number;
}

const words = new Intl.Collator('en', { numeric: true });

function compared(a: Cell, b: Cell): number {
  const [x, y] = [a, b].map((cell) => (isInterval(cell) ? cell.mean : cell));
  if (typeof x === 'number' && typeof y === 'number') return x - y;
  return words.compare(String(x), String(y));
}

function absent(cell: Cell | undefined): boolean {
  return cell === null || cell === undefined || (typeof cell === 'number' && Number.isNaN(cell));
}

/** Rows in order of one column; unknown comes last either way, and equal rows keep their order. */
export function sorted(rows: Cell[][], order: Order | null): SortedRow[] {
  const list = rows.map((cells, row) => ({ cells, row }));
  if (!order) return list;
  return list.sort((a, b) => {
    const [x, y] = [a.cells[order.column], b.cells[order.column]];
    if (absent(x) || absent(y)) return Number(absent(x)) - Number(absent(y)) || a.row - b.row;
    return (order.down ? -1 : 1) * compared(x as Cell, y as Cell) || a.row - b.row;
  });
}
