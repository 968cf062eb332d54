/** Runs before each test file, since files share the modules of their worker. */
import { afterAll } from 'vitest'
import { refuseSecretsInAll } from './oakum.ts'
import { removeFolders } from './repo.ts'
import { closeTerminals } from './tmux.ts'

/** Starting a git from a worker with much memory takes many times as long. */
const MAX_RESIDENT_BYTES = 150e6

afterAll(() => {
  refuseSecretsInAll()
  closeTerminals()
  removeFolders()
  if (process.memoryUsage.rss() > MAX_RESIDENT_BYTES) globalThis.gc?.()
}, 120_000)
