import type { Interval, Value } from '../lib/types';

export interface Pair {
  alone: Interval;
  together: Interval;
}

/** Whether an actor is safer with some helpers and nobody else than alone; `helpers` null counts all by the chance that they come. */
export interface Spared {
  helpers: string[] | null;
  answer: 'safer' | 'less safe' | 'cannot tell';
  /** Share of the draws in which it is beaten less often, by the ratio and by the difference of strengths. */
  surely: number;
  surely_difference: number;
  beaten: Value;
  spares: Value;
  spares_difference: Value;
  spares_attacks: Value;
  adds: Value;
  share: Value;
}

/** One row of the ladder: `added` is null in the first, where the actor stands alone. */
export interface Rung {
  added: string | null;
  attacked: Value;
  holds: Value;
  holds_difference: Value;
  beaten: Value;
  comes: Value;
  adds: Value;
  spares: Value;
}

export interface Threat {
  actor: string;
  record: number;
  /** Who adds most to holding against its attack alone, never itself; null where nobody helps. */
  helped_by: string | null;
  help: Value;
  attack_alone: Value;
  attack_together: Value;
  hold_alone: Value;
  hold_together: Value;
}

export interface Helper {
  actor: string;
  /** Whether it has pledged something to the actor. */
  linked: boolean;
  owes: string[];
  comes: Value;
  joins_foe: Value;
  hold_only: Value;
  hold_without: Value;
  adds: Value;
  honoured: Value;
  bound: Value;
  per_bound: Value;
}

export interface AllyData {
  actor: string;
  against: string[];
  /** Whether the threats were named; else they are the likeliest attackers. */
  chosen: boolean;
  attacked: Pair;
  holds: Pair;
  holds_difference: Pair;
  beaten: Pair;
  draws: number;
  /** With those who are bound and nobody else; null where nobody is. */
  pledged: Spared | null;
  /** With all who might come. */
  spared: Spared;
  /** With the allies that were named and nobody else; null where none was. */
  added: Spared | null;
  steps: Rung[];
  entrapped: { without_pledges: Value; with_pledges: Value; difference: Value } | null;
  dependence: Value;
  adds_most: string | null;
  adds_most_for_its_price: string | null;
  threats: Threat[];
  helpers: Helper[];
  sets: { members: string[]; holds: Value; why: string }[];
  nuclear: { what: string; attacked_change: Value; holds_change: Value }[];
  coalition: {
    stakes: string;
    members: { actor: string; shapley: Value; gives: Value; holds_alone: Value; holds_together: Value }[];
  } | null;
}

export interface BoundData {
  attacker: string;
  target: string;
  date: string;
  obligations: { actor: string; ally: string; verdict: string; pact: string; pact_id: string }[];
  by_actor: Record<string, { verdict: string; pledge: string; ally: string; reason: string; pact: string }>;
}
