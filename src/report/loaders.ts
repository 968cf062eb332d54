import type { Reporter } from './options.ts'
import type { FormatName } from './reporters.ts'

/** Every format, loaded when it is asked for: a hook that writes text pays for no other. */
export const reporterLoaders: Readonly<Record<FormatName, () => Promise<Reporter>>> = {
  text: async () => (await import('./terminal/text.ts')).textReport,
  json: async () => (await import('./formats/json.ts')).jsonReport,
  jsonl: async () => (await import('./formats/jsonl.ts')).jsonlReport,
  sarif: async () => (await import('./sarif/report.ts')).sarifReport,
  html: async () => (await import('./html/report.ts')).htmlReport,
  markdown: async () => (await import('./formats/markdown.ts')).markdownReport,
  csv: async () => (await import('./formats/csv.ts')).csvReport,
  junit: async () => (await import('./formats/junit.ts')).junitReport,
  gitlab: async () => (await import('./formats/gitlab.ts')).gitlabReport,
  github: async () => (await import('./formats/github.ts')).githubReport,
}
