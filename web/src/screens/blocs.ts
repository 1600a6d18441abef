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
  frustrated: { a: string; b: string; share: number }[];
  draws: number;
  checked: number;
  agreed: number;
  stage?: Stage;
}
