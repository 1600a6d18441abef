export type Theme = 'system' | 'light' | 'dark';

const KEY = 'foedus-theme';
const NEXT: Record<Theme, Theme> = { system: 'dark', dark: 'light', light: 'system' };

function stored(): Theme {
  const text = localStorage.getItem(KEY);
  return text === 'light' || text === 'dark' ? text : 'system';
}

class ThemeChoice {
  choice = $state<Theme>(stored());

  /** Puts the choice on the page: app.css reads `data-theme`. */
  apply(): void {
    if (this.choice === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = this.choice;
  }

  turn(): void {
    this.choice = NEXT[this.choice];
    localStorage.setItem(KEY, this.choice);
    this.apply();
  }
}

export const theme = new ThemeChoice();

/** Whether the reader asked for less motion. */
export function still(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
