import { csvReport } from './formats/csv.ts'
import { githubReport } from './formats/github.ts'
import { gitlabReport } from './formats/gitlab.ts'
import { htmlReport } from './html/report.ts'
import { jsonReport } from './formats/json.ts'
import { jsonlReport } from './formats/jsonl.ts'
import { junitReport } from './formats/junit.ts'
import { markdownReport } from './formats/markdown.ts'
import type { Reporter } from './options.ts'
import { sarifReport } from './sarif/report.ts'
import { textReport } from './terminal/text.ts'

/** Every format that `--format` takes, and who writes it. */
export const reporters = {
  text: textReport,
  json: jsonReport,
  jsonl: jsonlReport,
  sarif: sarifReport,
  html: htmlReport,
  markdown: markdownReport,
  csv: csvReport,
  junit: junitReport,
  gitlab: gitlabReport,
  github: githubReport,
} as const satisfies Readonly<Record<string, Reporter>>

export type FormatName = keyof typeof reporters
