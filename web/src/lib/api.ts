import { authorization } from './token';
import type {
  About, Cell, CheckedText, EditOp, Envelope, Found, Problem, Run, ScenarioFile, ScenarioText, SystemEntry, SystemParams, Table,
} from './types';

/** The server's refusal: what is wrong, where, what was expected, and a hint. */
export class ApiError extends Error {
  constructor(
    readonly problem: Problem,
    readonly status: number,
  ) {
    super(problem.what);
  }
}

async function refusal(response: Response): Promise<ApiError> {
  const body = await response.json().catch(() => null);
  const problem: Problem = body?.error ?? {
    what: `The server answered ${response.status} ${response.statusText}`.trim(),
    where: new URL(response.url).pathname,
  };
  return new ApiError(problem, response.status);
}

async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { ...authorization(), ...(init.body ? { 'Content-Type': 'application/json' } : {}) };
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    const hint = 'Is `foedus studio` still running in its terminal?';
    throw new ApiError({ what: 'The server does not answer', where: path, hint }, 0);
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await request(path, { signal })).json();
}

async function send<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const init = { method, signal, body: body === undefined ? undefined : JSON.stringify(body) };
  const response = await request(path, init);
  return response.status === 204 ? (undefined as T) : response.json();
}

function query(params: Record<string, unknown>): string {
  const pairs = Object.entries(params).filter(([, value]) => value !== undefined && value !== null);
  return new URLSearchParams(pairs.map(([key, value]) => [key, String(value)])).toString();
}

const id = encodeURIComponent;

export function about(signal?: AbortSignal): Promise<About> {
  return get('/api/about', signal);
}

export async function systems(signal?: AbortSignal): Promise<SystemEntry[]> {
  return (await get<{ systems: SystemEntry[] }>('/api/systems', signal)).systems;
}

/** Asks a question and waits for its answer. */
export function ask<Data = unknown>(
  question: string,
  params: Record<string, unknown>,
  signal?: AbortSignal,
): Promise<Envelope<Data>> {
  return send('POST', `/api/ask/${id(question)}`, params, signal);
}

export const world = {
  head: <T>(system: string, signal?: AbortSignal) => get<T>(`/api/world?${query({ in: system })}`, signal),
  frames: <T>(system: string, from: number, to: number, signal?: AbortSignal) =>
    get<T>(`/api/world/frames?${query({ in: system, from, to })}`, signal),
  borders: <T>(signal?: AbortSignal) => get<T>('/api/world/borders', signal),
};

export const runs = {
  list: async (signal?: AbortSignal) => (await get<{ runs: Run[] }>('/api/runs', signal)).runs,
  get: (run: string, signal?: AbortSignal) => get<Run>(`/api/runs/${id(run)}`, signal),
  start: (question: string, params: Record<string, unknown>, title?: string) =>
    send<Run>('POST', '/api/runs', { question, params, title }),
  cancel: (run: string) => send<unknown>('POST', `/api/runs/${id(run)}/cancel`),
  resume: (run: string) => send<unknown>('POST', `/api/runs/${id(run)}/resume`),
  remove: (run: string) => send<unknown>('DELETE', `/api/runs/${id(run)}`),
  answer: <Data = unknown>(run: string, signal?: AbortSignal) =>
    get<Envelope<Data>>(`/api/runs/${id(run)}/answer`, signal),
  watch,
};

const ENDED = new Set(['done', 'failed', 'cancelled', 'interrupted']);

export function ended(run: Run): boolean {
  return ENDED.has(run.state);
}

/** Calls `tell` whenever the run moves, until it ends: by server-sent events, or by asking every second. */
async function watch(run: string, tell: (run: Run) => void, signal: AbortSignal): Promise<Run> {
  try {
    await follow(run, () => refresh(run, tell, signal), signal);
  } catch (error) {
    if (signal.aborted) throw error;
  }
  for (;;) {
    const now = await refresh(run, tell, signal);
    if (ended(now)) return now;
    await pause(1000, signal);
  }
}

async function refresh(run: string, tell: (run: Run) => void, signal: AbortSignal): Promise<Run> {
  const now = await runs.get(run, signal);
  tell(now);
  return now;
}

// EventSource cannot send the token's header, so the stream is read by fetch.
async function follow(run: string, moved: () => Promise<Run>, signal: AbortSignal): Promise<void> {
  const response = await request(`/api/runs/${id(run)}/events`, { signal });
  if (!response.headers.get('content-type')?.includes('text/event-stream') || !response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let held = ''; ; ) {
      const { done, value } = await reader.read();
      if (done) return;
      held += value.replaceAll('\r\n', '\n');
      const end = held.lastIndexOf('\n\n');
      if (end < 0) continue;
      const told = held.slice(0, end).includes('data:');
      held = held.slice(end + 2);
      if (told && ended(await moved())) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new DOMException('aborted', 'AbortError'));
    });
  });
}

export const scenarios = {
  list: async (signal?: AbortSignal) => (await get<{ scenarios: ScenarioFile[] }>('/api/scenarios', signal)).scenarios,
  get: (name: string, signal?: AbortSignal) => get<ScenarioText>(`/api/scenarios/${id(name)}`, signal),
  /** `seen` is the hash of the file as last read, null for a new one: a file that was changed since is not overwritten. */
  put: (name: string, text: string, seen: string | null) =>
    send<{ name: string; hash: string }>('PUT', `/api/scenarios/${id(name)}`, { text, seen }),
  remove: (name: string, seen: string) => send<unknown>('DELETE', `/api/scenarios/${id(name)}?${query({ seen })}`),
  check: (text: string, base: SystemParams | null, signal?: AbortSignal) =>
    send<CheckedText>('POST', '/api/scenarios/check', { text, base }, signal),
  edit: (text: string, base: SystemParams | null, op: EditOp, path: string, value?: unknown) =>
    send<CheckedText & { text: string }>('POST', '/api/scenarios/edit', { text, base, op, path, value: value ?? null }),
  schema: <T = unknown>(signal?: AbortSignal) => get<T>('/api/scenarios/schema', signal),
  draft: (base: SystemParams, kind: 'scenario' | 'what-if', signal?: AbortSignal) =>
    send<{ text: string }>('POST', '/api/scenarios/draft', { ...base, kind }, signal),
};

export interface RowsQuery {
  table: string;
  columns?: string[] | null;
  filters?: unknown[];
  order?: unknown;
  limit?: number;
  offset?: number;
}

export const data = {
  coverage: <T = unknown>(signal?: AbortSignal) => get<T>('/api/data/coverage', signal),
  rows: <T = unknown>(body: RowsQuery, signal?: AbortSignal) => send<T>('POST', '/api/data/rows', body, signal),
  cell: <T = unknown>(table: string, column: string, key: Record<string, Cell>, signal?: AbortSignal) =>
    send<T>('POST', '/api/data/cell', { table, column, key }, signal),
};

export async function search(words: string, system: string | null, signal?: AbortSignal): Promise<Found[]> {
  const body = await get<Found[] | Record<string, Found[]>>(`/api/search?${query({ q: words, in: system })}`, signal);
  return Array.isArray(body) ? body : Object.values(body).flat();
}

export interface ExportBody {
  format: 'csv' | 'parquet' | 'png' | 'pdf' | 'svg';
  name: string;
  table?: Table;
  svg?: string;
  citation: string;
  sources: unknown[];
}

/** The exported file, with its citation inside. */
export async function exported(body: ExportBody): Promise<Blob> {
  return (await request('/api/export', { method: 'POST', body: JSON.stringify(body) })).blob();
}

export interface ReportFigure {
  title: string;
  kind: string;
  svg: string;
  table: Table | null;
  citation: string;
  sources: unknown[];
  notes: string[];
  python: string;
  cli: string;
}

/** Chosen figures as one HTML file. */
export async function reported(title: string, figures: readonly ReportFigure[]): Promise<Blob> {
  return (await request('/api/report', { method: 'POST', body: JSON.stringify({ title, figures }) })).blob();
}
