/** All kinds of cases. */
import type { Kind } from '../trial.ts'
import { archives } from './archives.ts'
import { commandsOnMutants } from './commands.ts'
import { foreign } from './foreign.ts'
import { kill } from './kill.ts'
import { maintenance } from './maintenance.ts'
import { mutant } from './mutant.ts'
import { names } from './names.ts'
import { special } from './special.ts'
import { together } from './together.ts'
import { trees } from './trees.ts'

export const kinds: readonly Kind[] = [
  foreign,
  mutant,
  commandsOnMutants,
  trees,
  archives,
  names,
  special,
  kill,
  together,
  maintenance,
]
