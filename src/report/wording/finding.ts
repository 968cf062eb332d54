/** Phrases about one finding: how far it has spread, and links to its provider's documentation. */
import type { Exposure, Finding, Origin } from '../../model/model.ts'
import type { Rule } from '../../model/rule.ts'

/** The exposure of a finding as a sentence for people. */
export function exposureText({ attribution, places: [{ origin }] }: Finding): string {
  if (attribution === undefined) return textByKind[origin.kind]
  const { inHead, exposure } = attribution
  const head = inHead ? 'It is in HEAD.' : 'It is not in HEAD, but it is in history.'
  switch (exposure) {
    case 'published':
      return `published: assume it has leaked, and rotate it. ${head}`
    case 'pending':
      return `pending: your next push would publish it. ${head}`
    case 'local':
      return `local: only in this clone. ${inHead ? head : 'It is not in HEAD.'}`
  }
}

/** The exposure of a finding in one word, for tables and filters. */
export function exposureWord({
  attribution,
  places: [{ origin }],
}: Finding): Exposure | (typeof wordByKind)[Origin['kind']] {
  return attribution?.exposure ?? wordByKind[origin.kind]
}

/** Exposure texts for scans that did not attribute findings to commits. */
const textByKind = {
  file: 'in the working tree; history not scanned.',
  index: 'staged: your next commit would include it.',
  commit: 'in history; commits not looked up.',
  message: 'in a commit or tag message; commits not looked up.',
  stdin: 'from standard input.',
} as const

const wordByKind = {
  file: 'file',
  index: 'staged',
  commit: 'history',
  message: 'history',
  stdin: 'input',
} as const

/** The references of a rule that are web addresses, normalized as a browser would; others are dropped. */
export function referenceUrls({ references }: Rule): readonly string[] {
  return references.flatMap((reference) => {
    if (!/^https?:/i.test(reference) || !URL.canParse(reference)) return []
    // `URL` leaves some characters unescaped that RFC 3986 forbids; SARIF and GitLab reject them.
    return new URL(reference).href.replace(/[<>{}[\]|\\^`\s]|%(?![\da-f]{2})/gi, encodeURIComponent)
  })
}
