import type { Engine } from './engine.ts'
import type { Finding, RepoPath } from '../model/model.ts'
import type { ScanResult } from '../model/outcome.ts'

/**
 * What the rules find in the names of a result. A shard shows names of files, refs and authors that
 * it did not scan: where one holds a secret, the tree or commit it comes from may be of another
 * shard.
 */
export function findingsInNames(
  { findings, suppressed }: Pick<ScanResult, 'findings' | 'suppressed'>,
  engine: Engine,
): readonly Finding[] {
  const names = new Set<string>()
  const add = (path: RepoPath | undefined): void => void (path && names.add(path.text))
  for (const { places, attribution } of [
    ...findings,
    ...suppressed.flatMap(({ finding }) => finding ?? []),
  ]) {
    for (const { origin } of places) add(origin.path)
    for (const introduction of [attribution?.first, attribution?.last, attribution?.removed]) {
      add(introduction?.path)
      if (introduction) names.add(introduction.author)
    }
    for (const ref of attribution?.refs ?? []) names.add(ref)
  }
  const text = [...names].join('\0')
  const detector = engine.detector()
  const bytes = Buffer.from(`${text}\0${text.replaceAll('/', '\0')}\0`)
  const found = detector.detect({
    id: 'names',
    kind: 'blob',
    origins: [{ kind: 'stdin' }],
    start: 0,
    bytes,
    last: true,
  })
  return [...found, ...detector.end()]
    .filter((candidate) => engine.suppress(candidate) === undefined)
    .map((candidate) => engine.conclude(candidate))
}
