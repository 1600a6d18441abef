// Figures that the reader has put aside for a report: kept in this browser until the report is made.

import type { ReportFigure } from './api';

const KEY = 'foedus-report';
const MOST = 40;
const LETTERS = 4_000_000;

function stored(): ReportFigure[] {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

class Report {
  figures = $state.raw<ReportFigure[]>(typeof localStorage === 'undefined' ? [] : stored());

  /** Adds a figure; says why not where there is no room. */
  add(figure: ReportFigure): void {
    const next = [...this.figures, figure];
    if (next.length > MOST) throw new Error(`A report holds at most ${MOST} figures`);
    if (JSON.stringify(next).length > LETTERS) throw new Error('The report is full: make it, or take figures out');
    this.#keep(next);
  }

  remove(at: number): void {
    this.#keep(this.figures.filter((_, i) => i !== at));
  }

  /** Moves a figure one place up or down. */
  move(at: number, by: -1 | 1): void {
    const next = [...this.figures];
    const [one] = next.splice(at, 1);
    if (one && at + by >= 0 && at + by <= next.length) {
      next.splice(at + by, 0, one);
      this.#keep(next);
    }
  }

  clear(): void {
    this.#keep([]);
  }

  #keep(next: ReportFigure[]): void {
    localStorage.setItem(KEY, JSON.stringify(next));
    this.figures = next;
  }
}

export const report = new Report();
