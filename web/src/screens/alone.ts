import type { Interval } from '../lib/types';

export interface Pair {
  alone: Interval;
  together: Interval;
}

/** A row of the library's: values flat as `name`, `name_low`, `name_high`. */
export type Flat = Record<string, unknown>;

export interface AllyData {
  actor: string;
  draws: number;
  attacked: Pair;
  holds: Pair;
  holds_difference: Pair;
  beaten: Pair;
  safer: Interval;
  entrapped: { without_pledges: Interval; with_pledges: Interval; difference: Interval } | null;
  adds_most: string | null;
  adds_most_for_its_price: string | null;
  dependence: Interval | null;
  threats: (Flat & { threat: string })[];
  allies: (Flat & { ally: string; linked: boolean; owes: string })[];
  sets: { members: string[]; holds: Interval; why: string }[];
  nuclear: { what: string; attacked: Interval; holds: Interval; attacked_change: Interval; holds_change: Interval }[];
  burden: { actor: string; resources: string; size: Interval; gives: Interval; burden: Interval }[];
}

export interface BoundData {
  attacker: string;
  target: string;
  date: string;
  obligations: {
    actor: string;
    ally: string;
    pledge: string;
    verdict: string;
    reason: string;
    pact: string;
    kind: string;
    article: string;
    disputed: string;
  }[];
}

export interface AddedData {
  steps: { added: string | null; holds: Interval; attacked: Interval }[];
}
