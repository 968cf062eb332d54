/** All report writers, loaded at once. Only the library exports them so: its reporters are synchronous. */
import { csvReport } from './formats/csv.ts'
import { githubReport } from './formats/github.ts'
import { gitlabReport } from './formats/gitlab.ts'
import { jsonlReport, jsonReport } from './formats/json.ts'
import { junitReport } from './formats/junit.ts'
import { markdownReport } from './formats/markdown.ts'
import { htmlReport } from './html/report.ts'
import type { Reporter } from './options.ts'
import type { FormatName } from './report-formats.ts'
import { sarifReport } from './sarif/report.ts'
import { textReport } from './terminal/text.ts'

/** The writer of each format of the table in `report-formats.ts`, which the compiler checks. */
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
} as const satisfies Readonly<Record<FormatName, Reporter>>
