export type Theme = 'system' | 'light' | 'dark';

const KEY = 'foedus-theme';
const NEXT: Record<Theme, Theme> = { system: 'dark', dark: 'light', light: 'system' };

function stored(): Theme {
  const text = localStorage.getItem(KEY);
  return text === 'light' || text === 'dark' ? text : 'system';
}

const dark = () => matchMedia('(prefers-color-scheme: dark)');

class ThemeChoice {
  choice = $state<Theme>(stored());

  /** Puts the choice, or what the system has now, on the page: app.css reads `data-theme`. */
  apply(): void {
    document.documentElement.dataset.theme = this.choice === 'system' ? (dark().matches ? 'dark' : 'light') : this.choice;
  }

  /** Puts it on the page now and whenever the system's own changes. */
  follow(): void {
    this.apply();
    dark().addEventListener('change', () => this.apply());
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
