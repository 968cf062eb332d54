import { existsSync } from 'node:fs'
import type { Engine } from './engine.ts'
import { reachOf } from './detect/reach.ts'
import { Interest, type Sieve } from './git/sieve.ts'
import type { Rule } from './rule.ts'
import { ENTRY_BYTES, EnvNames } from './sources/env-names.ts'
import type { Sifter } from './sources/open.ts'
import { readVersion } from './version.ts'

/**
 * Rules that reach farther are tried on whole objects only, wherever one of their keywords stands. Few keywords of such rules
 * are about; a larger bound would make every rule look at more.
 */
const MOST_REACH_BYTES = 1024

/** What readers get to sift with, here and in threads of their own. */
export function sifterOf(rules: readonly Rule[], digest: string, engine: Engine): Sifter {
  const entry = new URL('./sift-worker.js', import.meta.url)
  // Functions do not travel between threads, and validators only judge what is found there.
  const plain = rules.map((rule) => ({ ...rule, parts: rule.parts.map((part) => ({ ...part, validator: undefined })) }))
  return {
    sieve: (idBytes) => createSieve(rules, engine, idBytes),
    // From sources, as in tests, there is no compiled program: one thread does it all.
    program: existsSync(entry) ? { entry, rules: plain } : undefined,
    digest: `${digest}-${readVersion()}`,
  }
}

/** The sieve of a set of rules, for readers that can leave out objects in which these find nothing. */
export function createSieve(rules: readonly Rule[], engine: Engine, idBytes: number): Sieve {
  const { bytes: reach } = reachOf(rules, MOST_REACH_BYTES)
  const detector = engine.detector(MOST_REACH_BYTES)
  const names = new EnvNames(idBytes)
  return {
    // A keyword and what it reaches on both sides. Trees and messages are not read as UTF-16, which takes twice the room.
    reach: (kind) => (kind === 'blob' ? 2 * reach : kind === 'tree' ? Math.max(reach, ENTRY_BYTES) : reach),
    look(bytes, kind) {
      const interest = Interest[detector.interest(bytes, kind)]
      // What is found is given as a whole to whoever asked; and a name may be what was found, which nobody keeps.
      if (kind === 'tree' && interest !== Interest.found) names.note(bytes)
      return interest
    },
    takeNames: () => names.take(),
  }
}
