/** All kinds of cases. */
import type { Kind } from '../trial.ts'
import { foreign } from './foreign.ts'
import { mutant } from './mutant.ts'

export const kinds: readonly Kind[] = [foreign, mutant]
