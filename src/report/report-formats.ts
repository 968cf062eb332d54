/** The table of report formats: the choices of `--format`, and how to load the writer of each. */
import type { Reporter } from './options.ts'

interface ReportFormat {
  /** Loads the writer on first use, so that a hook that prints text loads no other format. */
  readonly load: () => Promise<Reporter>
  /** True when `--show-secrets` applies: the other formats are made to be uploaded or shared. */
  readonly showsSecrets: boolean
}

export const reportFormats = {
  text: {
    load: async () => (await import('./terminal/text.ts')).textReport,
    showsSecrets: true,
  },
  json: {
    load: async () => (await import('./formats/json.ts')).jsonReport,
    showsSecrets: true,
  },
  jsonl: {
    load: async () => (await import('./formats/json.ts')).jsonlReport,
    showsSecrets: true,
  },
  sarif: {
    load: async () => (await import('./sarif/report.ts')).sarifReport,
    showsSecrets: false,
  },
  html: {
    load: async () => (await import('./html/report.ts')).htmlReport,
    showsSecrets: false,
  },
  markdown: {
    load: async () => (await import('./formats/markdown.ts')).markdownReport,
    showsSecrets: false,
  },
  csv: {
    load: async () => (await import('./formats/csv.ts')).csvReport,
    showsSecrets: false,
  },
  junit: {
    load: async () => (await import('./formats/junit.ts')).junitReport,
    showsSecrets: false,
  },
  gitlab: {
    load: async () => (await import('./formats/gitlab.ts')).gitlabReport,
    showsSecrets: false,
  },
  github: {
    load: async () => (await import('./formats/github.ts')).githubReport,
    showsSecrets: false,
  },
} as const satisfies Readonly<Record<string, ReportFormat>>

export type FormatName = keyof typeof reportFormats

/** The names of all formats, in the order in which help and errors list them. */
export const formatNames: readonly FormatName[] = Object.keys(reportFormats).filter(
  (name): name is FormatName => Object.hasOwn(reportFormats, name),
)
