import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, ask, runs } from '../src/lib/api';
import type { Run } from '../src/lib/types';

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

function run(state: Run['state'], progress: number | null = null): Run {
  return {
    id: 'r1', question: 'war', title: '', params: {}, state, progress, text: '', eta: null,
    created: '', started: null, ended: null, seed: 1, message: null,
  };
}

/** A server that answers each address with what is next in its list (the last one for ever). */
function server(answers: Record<string, (() => Response | Promise<Response>)[]>): ReturnType<typeof vi.fn> {
  const fetch = vi.fn(async (path: string, _init?: RequestInit) => {
    const list = answers[path];
    const next = list && list.length > 1 ? list.shift() : list?.[0];
    if (!next) return json({ error: { what: 'no such address' } }, 404);
    return next();
  });
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

const stored = new Map<string, string>();

beforeEach(() => {
  stored.clear();
  vi.stubGlobal('sessionStorage', { getItem: (key: string) => stored.get(key) ?? null });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('asking', () => {
  it('sends the parameters, and the token only where there is one', async () => {
    const fetch = server({ '/api/ask/blocs': [() => json({ question: 'blocs' })] });
    await ask('blocs', { in: 'x' });
    expect(fetch.mock.calls[0]?.[1]).toMatchObject({ method: 'POST', body: '{"in":"x"}' });
    expect(fetch.mock.calls[0]?.[1].headers).not.toHaveProperty('Authorization');
    stored.set('foedus-token', 'a secret');
    await ask('blocs', {});
    expect(fetch.mock.calls[1]?.[1].headers).toMatchObject({ Authorization: 'Bearer a secret' });
  });

  it('passes on what the server says of bad input', async () => {
    server({ '/api/ask/blocs': [() => json({ error: { what: 'no such actor', where: 'why', expected: 'an id', hint: 'ITA' } }, 422)] });
    const error = await ask('blocs', {}).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).problem).toEqual({ what: 'no such actor', where: 'why', expected: 'an id', hint: 'ITA' });
  });

  it('says so where the server is gone', async () => {
    server({ '/api/ask/blocs': [() => Promise.reject(new TypeError('Failed to fetch'))] });
    await expect(ask('blocs', {})).rejects.toThrow('The server does not answer');
  });
});

function stream(chunks: string[]): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

describe('following a run', () => {
  it('reads events, also where one is cut in two, and stops at the end', async () => {
    server({
      '/api/runs/r1/events': [() => stream(['event: progress\nda', 'ta: {}\n\nevent: done\ndata: {}\r\n\r\n'])],
      '/api/runs/r1': [() => json(run('running', 0.5)), () => json(run('done', 1))],
    });
    const told: (number | null)[] = [];
    const last = await runs.watch('r1', ({ progress }) => told.push(progress), new AbortController().signal);
    expect(last.state).toBe('done');
    expect(told.at(-1)).toBe(1);
  });

  it('asks every second where there are no events', async () => {
    vi.useFakeTimers();
    const fetch = server({
      '/api/runs/r1': [() => json(run('queued')), () => json(run('running', 0.1)), () => json(run('failed'))],
    });
    const told: string[] = [];
    const watched = runs.watch('r1', ({ state }) => told.push(state), new AbortController().signal);
    await vi.advanceTimersByTimeAsync(2500);
    expect((await watched).state).toBe('failed');
    expect(told).toEqual(['queued', 'running', 'failed']);
    expect(fetch).toHaveBeenCalledTimes(4);
  });

  it('stops when nobody wants to know', async () => {
    vi.useFakeTimers();
    server({ '/api/runs/r1': [() => json(run('running'))] });
    const stop = new AbortController();
    const watched = runs.watch('r1', () => undefined, stop.signal).catch((error: Error) => error.name);
    await vi.advanceTimersByTimeAsync(500);
    stop.abort();
    expect(await watched).toBe('AbortError');
  });
});
