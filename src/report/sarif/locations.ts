import type { Origin, Place, RepoPath } from '../../model/model.ts'
import { nameText } from '../wording/where.ts'

/**
 * What needs no `%` in a segment of a relative address. Not the colon: what stands before one is a
 * scheme.
 */
const unreserved = /^[\w.~-]$/

/**
 * A path as a relative address: its bytes, percent-encoded, with `/` between names. Absolute paths
 * stay so.
 */
export function uriOf({ text, bytes }: RepoPath): string {
  return Array.from(bytes ?? Buffer.from(text), (byte) => {
    const character = String.fromCharCode(byte)
    return character === '/' || unreserved.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')
}

/**
 * Where a place is. A message or a pipe has no file, but code scanning asks for one: it gets a name
 * that no file has.
 */
export function locationOf(place: Place): object {
  const { origin, span } = place
  return {
    physicalLocation: {
      artifactLocation: { uri: artifactUri(origin), uriBaseId: '%SRCROOT%' },
      region: hasLines(origin)
        ? regionOf(span)
        : { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 },
    },
    ...(hasLines(origin)
      ? {}
      : {
          logicalLocations: [
            {
              fullyQualifiedName: nameText(origin),
              kind: origin.kind === 'message' ? 'message' : 'member',
            },
          ],
        }),
  }
}

function artifactUri({ kind, path, object, commit }: Origin): string {
  if (kind === 'message') return `git-message/${commit ?? object ?? 'unknown'}`
  if (kind === 'stdin') return 'standard-input'
  return path === undefined || path.text === '' ? `git-object/${object ?? 'unknown'}` : uriOf(path)
}

/** Lines of a member are not those of the archive, and a name has none. */
function hasLines({ kind, member, inName }: Origin): boolean {
  return kind !== 'message' && member === undefined && inName !== true
}

/**
 * Columns are of bytes, so in a line with other than ASCII before the secret they are too large;
 * the offset is exact.
 */
function regionOf({ start, end, line, column, endLine, endColumn }: Place['span']): object {
  return {
    startLine: line,
    startColumn: column,
    endLine,
    endColumn,
    byteOffset: start,
    byteLength: end - start,
  }
}
