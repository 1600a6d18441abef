// What the reader points at and has chosen, shared by every figure of the page (map, network, bars, tables).

class Linked {
  hover = $state<string | null>(null);
  chosen = $state<readonly string[]>([]);

  isHovered(id: string): boolean {
    return this.hover === id;
  }

  isChosen(id: string): boolean {
    return this.chosen.includes(id);
  }

  /** Chooses one; choosing it again lets it go. `more` keeps the others (at most two: a dyad). */
  choose(id: string, more = false): void {
    if (this.isChosen(id)) this.chosen = this.chosen.filter((known) => known !== id);
    else this.chosen = more ? [...this.chosen, id].slice(-2) : [id];
  }

  clear(): void {
    this.hover = null;
    this.chosen = [];
  }
}

export const linked = new Linked();
