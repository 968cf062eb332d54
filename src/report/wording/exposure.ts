import type { Exposure, Finding, Origin } from '../../model/model.ts'

/** How far a finding got, in words. */
export function exposureOf({ attribution, places: [{ origin }] }: Finding): string {
  if (attribution === undefined) return exposureByKind[origin.kind]
  const { inHead, exposure } = attribution
  switch (exposure) {
    case 'published':
      return `published: assume it has leaked, and rotate it. ${inHead ? 'It is in HEAD.' : 'It is gone from HEAD, but history keeps it.'}`
    case 'pending':
      return `pending: your next push would publish it. ${inHead ? 'It is in HEAD.' : 'It is not in HEAD, but in history.'}`
    case 'local':
      return `local: only in this clone. ${inHead ? 'It is in HEAD.' : 'It is not in HEAD.'}`
  }
}

/** The same in a word, for tables. */
export function exposureWord({
  attribution,
  places: [{ origin }],
}: Finding): Exposure | (typeof wordByKind)[Origin['kind']] {
  return attribution?.exposure ?? wordByKind[origin.kind]
}

const exposureByKind = {
  file: 'in a file; history was not asked.',
  index: 'staged: your next commit would hold it.',
  commit: 'in history; which commits was not asked.',
  message: 'in a message of history; how far it got was not asked.',
  stdin: 'from standard input.',
} as const

const wordByKind = {
  file: 'file',
  index: 'staged',
  commit: 'history',
  message: 'history',
  stdin: 'input',
} as const
