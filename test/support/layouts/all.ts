/** Every way to write an AWS credential down that Oakum promises to read. */
import { code } from './code.ts'
import type { Layout } from './credential.ts'
import { distances } from './distances.ts'
import { encoded } from './encoded.ts'
import { json } from './json.ts'
import { settings } from './settings.ts'
import { tables } from './tables.ts'

export const layouts: readonly Layout[] = [
  ...settings,
  ...json,
  ...tables,
  ...code,
  ...encoded,
  ...distances,
]
