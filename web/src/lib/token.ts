const KEY = 'foedus-token';

/** Moves `#token=...` from the address into this tab's storage, so that no copied link holds it. */
export function takeToken(): void {
  const match = /[#&]token=([^&]+)/.exec(location.hash);
  if (!match?.[1]) return;
  sessionStorage.setItem(KEY, decodeURIComponent(match[1]));
  history.replaceState(history.state, '', location.pathname + location.search);
}

export function authorization(): Record<string, string> {
  const token = sessionStorage.getItem(KEY);
  return token ? { Authorization: `Bearer ${token}` } : {};
}
