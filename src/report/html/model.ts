/**
 * The data of the HTML page, which the page's script reads as JSON. All texts are already escaped
 * with `escapeForTerminal`. Types only.
 */

export interface PageIntroduction {
  readonly commit: string
  readonly author: string
  /** ISO 8601 with a UTC offset. */
  readonly date: string
  readonly path: string
}

export interface PageStep {
  readonly text: string
  readonly command?: string
}

export interface PageFinding {
  readonly severity: 'critical' | 'high' | 'medium' | 'low'
  readonly rule: string
  readonly title: string
  readonly parts: readonly { readonly role: string; readonly redacted: string }[]
  readonly where: string
  /** One word: published, pending, local, staged, file, history or input. */
  readonly exposure: string
  readonly exposureText: string
  readonly inHead: boolean | null
  /** True when some commit in HEAD's history contained the secret. */
  readonly inHeadHistory: boolean | null
  readonly first: PageIntroduction | null
  readonly last: PageIntroduction | null
  readonly removed: PageIntroduction | null
  readonly refs: readonly string[]
  readonly moreRefs: number
  readonly places: readonly string[]
  readonly morePlaces: number
  /** True when `morePlaces` is a lower bound. */
  readonly hasMorePaths: boolean
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly verification: { readonly status: string; readonly text: string }
  readonly explanation: readonly string[]
  readonly steps: readonly PageStep[]
  readonly fingerprint: string
}

export interface PageSuppressed {
  readonly rule: string
  readonly by: string
  readonly reason: string
  readonly redacted: string
  readonly where: string
}

export interface PageReport {
  readonly version: string
  readonly target: string
  readonly subject: string
  readonly verdict: string
  readonly complete: boolean
  /** ISO 8601, or null if the end of the scan is unknown. */
  readonly endedAt: string | null
  readonly findings: readonly PageFinding[]
  readonly suppressed: {
    readonly total: number
    readonly by: readonly (readonly [by: string, count: number])[]
    readonly items: readonly PageSuppressed[]
  }
  readonly receipt: readonly (readonly [name: string, value: string])[]
  readonly skips: readonly { readonly failed: boolean; readonly text: string }[]
  readonly moreSkips: number
}
