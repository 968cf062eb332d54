import type { Finding, RepoPath } from '../model/model.ts'
import type { ScanResult } from '../model/outcome.ts'
import type { Engine } from './engine.ts'

/**
 * Scans the names that the report of a shard shows: of files, refs and authors. The tree or commit
 * that a name comes from may belong to another shard, so this one may not have scanned it.
 */
export function findingsInNames(
  { findings, suppressed }: Pick<ScanResult, 'findings' | 'suppressed'>,
  engine: Engine,
): readonly Pick<Finding, 'parts'>[] {
  const names = new Set<string>()
  const addPath = (path: RepoPath | undefined): void => void (path && names.add(path.text))
  const shown = [...findings, ...suppressed.flatMap(({ finding }) => finding ?? [])]
  for (const { places, attribution } of shown) {
    for (const { origin } of places) addPath(origin.path)
    for (const introduction of [attribution?.first, attribution?.last, attribution?.removed]) {
      addPath(introduction?.path)
      if (introduction) names.add(introduction.author)
    }
    for (const ref of attribution?.refs ?? []) names.add(ref)
  }
  // Whole paths first, then each name of a path by itself; rules find the end of a name by its NUL.
  const text = [...names].join('\0')
  const bytes = Buffer.from(`${text}\0${text.replaceAll('/', '\0')}\0`)
  const detector = engine.detector()
  const candidates = detector.detect({
    id: 'names',
    kind: 'blob',
    origins: [{ kind: 'stdin' }],
    start: 0,
    bytes,
    last: true,
  })
  return [...candidates, ...detector.end()]
    .filter((candidate) => engine.suppress(candidate) === undefined)
    .map((candidate) => engine.conclude(candidate))
}
