import { ask, world } from './api';
import { problemOf } from './asked.svelte';
import type { Topology } from 'topojson-specification';
import type { Cell, Envelope, Problem, Source, Table } from './types';

/** One date, as `foedus.blocs.frames` writes it: a list for each column. */
export interface Frame {
  date: string;
  year: number;
  actors: {
    id: string[];
    name: string[];
    cow: (number | null)[];
    bloc: (number | null)[];
    standing: string[];
    x: number[];
    y: number[];
    size: (number | null)[];
    lon: (number | null)[];
    lat: (number | null)[];
    at_war: number[] | null;
  };
  ties: { i: number[]; j: number[]; w: number[]; why: number[]; against: number[] };
  blocs: { id: number; label: string; strongest: string; hub: string; members: number }[];
  frustrated: number;
  bound: number;
  gap: number;
  proved: boolean;
  sources: string[];
}

export interface War {
  number: number;
  name: string;
  start: string;
  end: string;
  a: string[];
  b: string[];
}

export interface Covered {
  id: string;
  title: string;
  first: number | null;
  last: number | null;
  here: boolean;
}

export interface DatedEvent {
  date: string;
  kind: string;
  name: string;
  who: string;
  detail: string;
}

export interface Head {
  in: string;
  kind: 'real' | 'scenario' | 'date';
  here: boolean;
  needs?: string[];
  fetch?: string;
  title?: string;
  dates: string[];
  ready: number[];
  strip: Covered[];
  wars: War[];
  wars_known: [number, number] | null;
  reasons: string[];
  envelope?: Envelope;
}

interface Borders {
  topology: Topology | null;
  source: Source | null;
  first?: number;
  last?: number;
}

const WINDOW = 30;

/** The frames of one world, fetched in windows about the date that is looked at and then on both sides of it. */
export class World {
  head = $state.raw<Head | null>(null);
  envelope = $state.raw<Envelope | null>(null);
  events = $state.raw<DatedEvent[]>([]);
  problem = $state.raw<Problem | null>(null);
  loading = $state(false);
  /** Raised whenever frames came. */
  came = $state(0);
  /** Dates whose frame was worked out on its own: its colours and places do not follow from the years before. */
  alone = new Set<string>();
  #frames = new Map<string, Frame>();
  #stop = new AbortController();

  frame(date: string | undefined): Frame | null {
    void this.came;
    return date === undefined ? null : (this.#frames.get(date) ?? null);
  }

  get count(): number {
    void this.came;
    return this.#frames.size - this.alone.size;
  }

  /** `arrived` is told the head before any frame is fetched. */
  async load(system: string, at: string | null, arrived: (head: Head) => void): Promise<void> {
    this.stop();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.loading = true;
    this.problem = null;
    this.#frames = new Map();
    this.alone = new Set();
    this.head = null;
    this.envelope = null;
    this.events = [];
    this.came += 1;
    try {
      const head = await world.head<Head>(system, signal);
      this.head = head;
      this.envelope = head.envelope ?? null;
      arrived(head);
      if (!head.here) return;
      if (head.kind === 'real') await this.#real(head, at, signal);
      else await this.#whole(system, signal);
    } catch (error) {
      if (!signal.aborted) this.problem = problemOf(error);
    } finally {
      if (!signal.aborted) this.loading = false;
    }
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Frames that have become ready since. */
  async more(): Promise<void> {
    const { head } = this;
    const { signal } = this.#stop;
    if (!head || head.kind !== 'real') return;
    try {
      const now = await world.head<Head>(head.in, signal);
      this.head = now;
      await this.#windows(now, now.ready[0] ?? 0, signal);
    } catch {
      // What is there stays; the run says what went wrong.
    }
  }

  /** The frame of one date on its own, where those of the years before are not worked out. */
  async one(date: string): Promise<void> {
    const { signal } = this.#stop;
    if (this.#frames.has(date)) return;
    this.loading = true;
    try {
      const answer = await ask<{ frames: Frame[] }>('world', { in: date }, signal);
      const [frame] = answer.data.frames;
      if (!frame || this.#frames.has(date)) return;
      this.#frames.set(date, frame);
      this.alone.add(date);
      this.came += 1;
    } catch (error) {
      if (!signal.aborted) this.problem = problemOf(error);
    } finally {
      if (!signal.aborted) this.loading = false;
    }
  }

  async #whole(system: string, signal: AbortSignal): Promise<void> {
    const answer = await ask<{ frames: Frame[]; events: DatedEvent[] }>('world', { in: system }, signal);
    for (const frame of answer.data.frames) this.#frames.set(frame.date, frame);
    this.envelope = answer;
    this.events = answer.data.events;
    this.came += 1;
  }

  async #real(head: Head, at: string | null, signal: AbortSignal): Promise<void> {
    const year = Number((at ?? '1914').slice(0, 4));
    if (head.ready.includes(year)) await this.#windows(head, year, signal);
    else if (at) await this.one(at);
  }

  async #windows(head: Head, year: number, signal: AbortSignal): Promise<void> {
    const left = () => head.ready.filter((y) => !this.#frames.has(`${y}-01-01`) || this.alone.has(`${y}-01-01`));
    for (let wanted = left(); wanted.length; wanted = left()) {
      const near = wanted.reduce((best, y) => (Math.abs(y - year) < Math.abs(best - year) ? y : best));
      const from = near >= year ? near - (near === year ? WINDOW / 2 : 0) : near - WINDOW + 1;
      const body = await world.frames<{ frames: Record<string, Frame> }>(head.in, Math.max(0, from), from + WINDOW - 1, signal);
      const found = Object.values(body.frames);
      if (!found.length) return;
      for (const frame of found) {
        this.#frames.set(frame.date, frame);
        this.alone.delete(frame.date);
      }
      this.came += 1;
      this.loading = false;
    }
  }
}

let kept: Promise<Borders> | null = null;

/** The borders of all dates, asked for once. */
export function borders(): Promise<Borders> {
  kept ??= world.borders<Borders>().catch((error: unknown) => {
    kept = null;
    throw error;
  });
  return kept;
}

export function blocText(frame: Frame, bloc: number | null): string {
  const found = frame.blocs.find(({ id }) => id === bloc);
  return found ? `bloc ${found.label} (${found.hub})` : 'no bloc';
}

export function reasonsOf(bits: number, reasons: readonly string[]): string {
  return reasons.filter((_, r) => bits & (1 << r)).join(', ').replaceAll('_', ' ');
}

const column = (name: string, label: string, type: Table['columns'][number]['type'], unit = '') => ({ name, label, type, unit });

/** Who stands where on a date. */
export function actorTable(frame: Frame): Table {
  const { actors } = frame;
  return {
    title: `Who stands where on ${frame.date}`,
    columns: [
      column('actor', 'id', 'str'),
      column('name', 'state', 'str'),
      column('bloc', 'bloc', 'str'),
      column('standing', 'standing', 'str'),
      column('capability', 'capability', 'float', '%'),
      column('at_war', 'at war', 'bool'),
    ],
    rows: actors.id.map((id, k): Cell[] => [
      id,
      actors.name[k] ?? id,
      frame.blocs.find((bloc) => bloc.id === actors.bloc[k])?.label ?? null,
      actors.standing[k] ?? null,
      actors.size[k] ?? null,
      actors.at_war ? Boolean(actors.at_war[k]) : null,
    ]),
  };
}

/** The ties of a date, the heaviest first. */
export function tieTable(frame: Frame, reasons: readonly string[]): Table {
  const { actors, ties } = frame;
  return {
    title: `Ties on ${frame.date}`,
    columns: [
      column('a', 'of', 'str'),
      column('b', 'and', 'str'),
      column('weight', 'weight, heaviest = 1000', 'float'),
      column('reasons', 'reasons', 'str'),
      column('frustrated', 'frustrated', 'bool'),
    ],
    rows: ties.w.map((w, k): Cell[] => [
      actors.id[ties.i[k] ?? 0] ?? '',
      actors.id[ties.j[k] ?? 0] ?? '',
      w,
      reasonsOf(ties.why[k] ?? 0, reasons),
      Boolean(ties.against[k]),
    ]),
  };
}
