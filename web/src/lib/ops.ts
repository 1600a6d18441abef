import type { Known } from './types';

/** What each edit is called, and what a new one holds until it is changed. */
export const OPS: Record<string, { label: string; start: (known: Known) => Record<string, unknown> | null | undefined }> = {
  void_pact: { label: 'void a pact', start: ({ pacts }) => pacts[0] && { pact: pacts[0].id } },
  remove_actor: { label: 'leave an actor out', start: ({ actors }) => actors[0] && { actor: actors[0].id } },
  strengthen: { label: 'strengthen an actor', start: ({ actors }) => actors[0] && { actor: actors[0].id, factor: 1.5 } },
  weaken: { label: 'weaken an actor', start: ({ actors }) => actors[0] && { actor: actors[0].id, factor: 0.5 } },
  withdraw: { label: 'withdraw an actor', start: ({ actors }) => actors[0] && { actor: actors[0].id } },
  intervene: {
    label: 'let an actor intervene',
    start: ({ actors: [a, b, c] }) => (a && b && c ? { actor: a.id, behalf: b.id, against: [c.id], effort: 0.2 } : null),
  },
  change_tie: {
    label: 'set a tie',
    start: ({ actors: [a, b] }) => (a && b ? { a: a.id, b: b.id, reason: 'interest', strength: 0.5 } : null),
  },
  remove_tie: { label: 'remove a tie', start: ({ ties: [tie] }) => (tie ? { a: tie.a, b: tie.b, reason: tie.reason } : null) },
  add_pact: {
    label: 'add a pact',
    start: ({ actors: [a, b], pacts }) => {
      if (!a || !b) return null;
      const pledge = [a, b].map(({ id }) => ({ by: id, type: 'defense' }));
      return { pact: { id: fresh('new-pact', pacts), name: 'New pact', kind: 'treaty', members: [a.id, b.id], pledge } };
    },
  },
  amend_pact: { label: 'amend a pact', start: ({ pacts: [pact] }) => (pact ? { pact: pact.id, set: { name: pact.name } } : null) },
  amend_actor: { label: 'change facts of an actor', start: ({ actors: [a] }) => (a ? { actor: a.id, set: { regime: 0.5 } } : null) },
  add_actor: {
    label: 'add an actor',
    start: ({ actors }) => ({ actor: { id: fresh('NEW', actors), name: 'New state', kind: 'state', capability: { cinc: 0.01 } } }),
  },
  drop_layer: { label: 'drop a kind of pact', start: () => ({ kind: 'alignment' }) },
};

/** Fields of an edit whose names in the text say too little: what the form calls them, and what they mean. */
export const WORDS: Record<string, [string, string]> = {
  behalf: ['for whom (behalf)', 'the actor on whose side it fights'],
  against: ['against whom (against)', 'the actors that it fights'],
  effort: ['share of its strength (effort)', 'from 0 to 1: how much of its own capability it sends'],
  factor: ['times (factor)', 'by how much its capability is multiplied: 2 doubles it, 0.5 halves it'],
  by: ['who promises (by)', ''],
  to: ['to whom (to)', 'empty: to every other member'],
};

function fresh(name: string, known: readonly { id: string }[]): string {
  const ids = new Set(known.map(({ id }) => id));
  for (let n = 1; ; n++) {
    const id = n === 1 ? name : `${name}${name === name.toUpperCase() ? '' : '-'}${n}`;
    if (!ids.has(id)) return id;
  }
}
