import { csvReport } from './csv.ts'
import { githubReport } from './github.ts'
import { gitlabReport } from './gitlab.ts'
import { htmlReport } from './html/report.ts'
import { jsonReport } from './json.ts'
import { jsonlReport } from './jsonl.ts'
import { junitReport } from './junit.ts'
import { markdownReport } from './markdown.ts'
import type { Reporter } from './options.ts'
import { sarifReport } from './sarif/report.ts'
import { textReport } from './text.ts'

/** Every format that `--format` takes, and who writes it. */
export const reporters = {
  text: textReport, json: jsonReport, jsonl: jsonlReport, sarif: sarifReport, html: htmlReport,
  markdown: markdownReport, csv: csvReport, junit: junitReport, gitlab: gitlabReport, github: githubReport,
} as const satisfies Readonly<Record<string, Reporter>>

export type FormatName = keyof typeof reporters
