import type { Reporter } from './options.ts'
import type { FormatName } from './reporters.ts'

/** Every format, loaded when it is asked for: a hook that writes text pays for no other. */
export const reporterLoaders: Readonly<Record<FormatName, () => Promise<Reporter>>> = {
  text: async () => (await import('./text.ts')).textReport,
  json: async () => (await import('./json.ts')).jsonReport,
  jsonl: async () => (await import('./jsonl.ts')).jsonlReport,
  sarif: async () => (await import('./sarif/report.ts')).sarifReport,
  html: async () => (await import('./html/report.ts')).htmlReport,
  markdown: async () => (await import('./markdown.ts')).markdownReport,
  csv: async () => (await import('./csv.ts')).csvReport,
  junit: async () => (await import('./junit.ts')).junitReport,
  gitlab: async () => (await import('./gitlab.ts')).gitlabReport,
  github: async () => (await import('./github.ts')).githubReport,
}
