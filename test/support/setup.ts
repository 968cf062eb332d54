/** Runs before each test file, since files share the modules of their worker. */
import { afterAll } from 'vitest'
import { refuseSecretsInAll } from './oakum.ts'
import { removeFolders } from './repo.ts'
import { closeTerminals } from './tmux.ts'

afterAll(() => {
  refuseSecretsInAll()
  closeTerminals()
  removeFolders()
}, 120_000)
