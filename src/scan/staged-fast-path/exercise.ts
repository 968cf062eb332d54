import type { SourceBlob } from '../../model/model.ts'
import { Glance } from './glance.ts'
import { marks } from './marks.ts'

/** Runs what hooks run where keywords stand, for what V8 compiles by that to be kept. */
export async function exercise(signal: AbortSignal): Promise<void> {
  const bytes = Buffer.from(marks.keywords.map(({ text }) => `${text} = "x"\n`).join(''), 'latin1')
  const blob: SourceBlob = {
    id: '',
    kind: 'blob',
    origins: [{ kind: 'stdin' }],
    start: 0,
    bytes,
    last: true,
  }
  new Glance(marks).isQuiet(blob)
  await (await import('./judge.ts')).suppressedIn([blob], signal)
}
