// What the server sends. `data` differs by question: each screen names the shape it reads.

/** An uncertain number. `low` and `high` bound it; unknown is null, never 0. */
export interface Interval {
  mean: number;
  low: number;
  high: number;
  [extra: string]: unknown;
}

/** A number as the server may send it: exact, uncertain, or unknown. */
export type Value = number | Interval | null | undefined;

export type Kind = 'observed' | 'derived' | 'simulated' | 'estimated';

export interface Source {
  key: string;
  text: string;
  version?: string | null;
}

export interface Column {
  name: string;
  label: string;
  unit: string;
  type: 'str' | 'float' | 'int' | 'date' | 'bool';
}

export type Cell = string | number | boolean | Interval | null;

export interface Table {
  title: string;
  columns: Column[];
  rows: Cell[][];
}

export interface SystemHead {
  in: string | null;
  id?: string;
  real?: boolean;
  name: string;
  date: string;
  hash: string;
  /** What the scenario leaves out. */
  limits?: string[];
  actors?: ActorEntry[];
}

export interface Envelope<Data = unknown> {
  question: string;
  title: string;
  params: Record<string, unknown>;
  system: SystemHead | null;
  kind: Kind;
  proved: boolean | null;
  seed: number | null;
  draws: number | null;
  sources: Source[];
  version: string;
  citation: string;
  notes: string[];
  python: string;
  /** Null where no command answers it. */
  cli: string | null;
  data: Data;
  tables: Record<string, Table>;
}

export interface Problem {
  what: string;
  where?: string | null;
  expected?: string | null;
  hint?: string | null;
}

export type RunState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';

export interface Run {
  id: string;
  question: string;
  title: string;
  params: Record<string, unknown>;
  state: RunState;
  progress: number | null;
  text: string;
  eta: number | null;
  created: string;
  started: string | null;
  ended: string | null;
  seed: number | null;
  message: string | null;
}

export interface SystemEntry {
  id: string;
  title: string;
  kind: 'bundled' | 'file' | 'real';
  date?: string | null;
  summary?: string;
  /** Why a file of the user's cannot be read. */
  broken?: string;
  first?: string | null;
  last?: string | null;
  what_ifs?: { id: string; title: string; note?: string | null }[];
  flashpoints?: { attacker: string; target: string; label: string }[];
}

export interface About {
  version: string;
  python: string;
  /** The system that the page opens on. */
  opens: string;
  questions: string[];
  store: { here: boolean; first?: string | null; last?: string | null; missing?: string[] };
  limits: Record<string, unknown>;
}

export interface Found {
  kind: 'actor' | 'pact' | 'year' | 'screen';
  id: string;
  label: string;
  [extra: string]: unknown;
}

export interface ScenarioProblem extends Problem {
  line?: number | null;
}

/** What the pickers need of the question `system`. */
export interface ActorEntry {
  id: string;
  name: string;
  [extra: string]: unknown;
}

export interface PactEntry {
  id: string;
  name: string;
  members: string[];
  [extra: string]: unknown;
}

/** Query parameters that every question on one system takes. */
export interface SystemParams {
  in: string;
  date?: string | null;
  what_if?: string | null;
  actors?: string[] | null;
  [field: string]: unknown;
}

export interface ScenarioFile {
  name: string;
  kind: 'scenario' | 'what-if';
  bytes: number;
  changed: string;
  title?: string;
  base?: string;
}

export interface ScenarioText {
  name: string;
  kind: 'scenario' | 'what-if';
  text: string;
  hash: string;
}

export type EditOp = 'set' | 'add' | 'remove';

/** What a form may name: nothing else is valid. */
export interface Known {
  actors: ActorEntry[];
  pacts: (PactEntry & { kind: string })[];
  ties: { a: string; b: string; reason: string }[];
  events: { id: string; date: string; note: string }[];
  sources: string[];
}

/** A text in the making: what is wrong with it, what it holds, and on which line. */
export interface CheckedText {
  kind: 'scenario' | 'what-if';
  problems: ScenarioProblem[];
  document: Record<string, unknown> | null;
  lines: Record<string, number>;
  edits: string[];
  known: Known | null;
}
