import type { Component } from 'svelte';
import Alone from './screens/Alone.svelte';
import Blocs from './screens/Blocs.svelte';
import Data from './screens/Data.svelte';
import Escalation from './screens/Escalation.svelte';
import Models from './screens/Models.svelte';
import Pact from './screens/Pact.svelte';
import Runs from './screens/Runs.svelte';
import WhatIf from './screens/WhatIf.svelte';
import World from './screens/World.svelte';
import Years from './screens/Years.svelte';

export interface Screen {
  id: string;
  title: string;
  /** The second key of "g ..." that goes there. */
  key: string;
  view: Component;
}

export const SCREENS: readonly Screen[] = [
  { id: 'world', title: 'World', key: 'w', view: World },
  { id: 'blocs', title: 'Blocs', key: 'b', view: Blocs },
  { id: 'alone', title: 'Alone or together', key: 'a', view: Alone },
  { id: 'escalation', title: 'Escalation', key: 'e', view: Escalation },
  { id: 'what-if', title: 'What-if', key: 'i', view: WhatIf },
  { id: 'pact', title: 'Pact account', key: 'p', view: Pact },
  { id: 'years', title: 'Years forward', key: 'y', view: Years },
  { id: 'models', title: 'Models', key: 'm', view: Models },
  { id: 'data', title: 'Data', key: 'd', view: Data },
  { id: 'runs', title: 'Runs', key: 'r', view: Runs },
];
