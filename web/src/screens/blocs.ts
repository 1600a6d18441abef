import type { Value } from '../lib/types';

export interface LineUp {
  blocs: number;
  frustrated_share: number | null;
  bound_share: number | null;
  proved: boolean;
  label: number[];
}

export interface BlocsActor {
  actor: string;
  name: string;
  bloc: string | null;
  membership: Value;
  low?: number | null;
  high?: number | null;
  standing: string;
  held_by: string;
  pulled_away_by: string;
}

export interface Stage {
  nodes: { id: string; name: string; x: number; y: number; size: number | null; lon: number | null; lat: number | null }[];
  /** Pairs of node numbers with the weight of their tie: above 0 friends, below 0 foes. */
  ties: [number, number, number][];
}

export interface BlocsData {
  names: [string, string];
  actors: BlocsActor[];
  doubtful: string[];
  unattached: string[];
  apart: string[];
  two: LineUp;
  three: LineUp;
  free: LineUp;
  fit: string;
  second_best: { gap_share: number | null; proved: boolean; movers: string[]; optima: number | null; at_least: number };
  balance: {
    triads: Record<string, number>;
    balanced_share: number | null;
    ties: number;
    negative: number;
    frustration_count: number;
    frustration_proved: boolean;
    normalised: number | null;
  };
  blocs: { id: number; name: string; members: string[]; share: number | null }[];
  /** Heaviest first; `frustrated` is the share of draws in which a tie stands against the line-up of the centre. */
  frustrated: {
    a: string;
    b: string;
    sign: number;
    share: number;
    low: number | null;
    high: number | null;
    frustrated: number | null;
    by: string;
  }[];
  draws: number;
  checked: number;
  agreed: number;
  stage: Stage;
  why: WhyData | null;
}

/** A pull (positive: towards its bloc) in shares of all of the actor's pull: name, value, low, high. */
export type Pull = [string, number, number | null, number | null, ...string[]];

export interface WhyData {
  actor: string;
  bloc: string;
  membership: number;
  interval: [number, number];
  sentence: string;
  by_reason: Pull[];
  by_actor: Pull[];
}

export interface Point {
  date: string;
  proved?: boolean;
  frustrated: Value;
  balanced: Value;
  moved?: string[];
  events: { kind: string; name: string; who: string[]; detail: string }[];
}

export interface OverTimeData {
  mode: 'scenario' | 'years';
  points: Point[];
}
