import { jsonReport } from './json.ts'
import { jsonlReport } from './jsonl.ts'
import type { Reporter } from './options.ts'
import { textReport } from './text.ts'

/** Every format that `--format` takes, and who writes it. */
export const reporters = { text: textReport, json: jsonReport, jsonl: jsonlReport } as const satisfies Readonly<Record<string, Reporter>>
