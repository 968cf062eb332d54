/** SARIF locations: addresses and regions of places. */
import type { Origin, Place, RepoPath } from '../../model/model.ts'
import { originText } from '../wording/places.ts'

/**
 * Characters that need no percent-encoding in a relative address. A colon does: text before it
 * would be parsed as a URI scheme.
 */
const unreserved = /^[\w.~-]$/

/**
 * A path as a relative URI: its bytes percent-encoded, with `/` between names. An absolute path
 * stays absolute.
 */
export function pathUri({ text, bytes }: RepoPath): string {
  return Array.from(bytes ?? Buffer.from(text), (byte) => {
    const character = String.fromCharCode(byte)
    return character === '/' || unreserved.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')
}

/**
 * A place as a SARIF location. GitHub code scanning requires a file, so messages and standard input
 * get an address that no file has, and places without lines get the start of the file.
 */
export function sarifLocation({ origin, span }: Place): object {
  const artifactLocation = { uri: artifactUri(origin), uriBaseId: '%SRCROOT%' }
  if (hasLines(origin)) return { physicalLocation: { artifactLocation, region: sarifRegion(span) } }
  const region = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 }
  return {
    physicalLocation: { artifactLocation, region },
    logicalLocations: [
      {
        fullyQualifiedName: originText(origin),
        kind: origin.kind === 'message' ? 'message' : 'member',
      },
    ],
  }
}

function artifactUri({ kind, path, object, commit }: Origin): string {
  if (kind === 'message') return `git-message/${commit ?? object ?? 'unknown'}`
  if (kind === 'stdin') return 'standard-input'
  return path === undefined || path.text === ''
    ? `git-object/${object ?? 'unknown'}`
    : pathUri(path)
}

/** True when line numbers refer to the file itself, not to an archive member, message or name. */
function hasLines({ kind, member, inName }: Origin): boolean {
  return kind !== 'message' && member === undefined && inName !== true
}

/**
 * A span as a SARIF region. Columns count bytes, so after non-ASCII characters in the same line
 * they are too large; the byte offset is exact.
 */
function sarifRegion({ start, end, line, column, endLine, endColumn }: Place['span']): object {
  return {
    startLine: line,
    startColumn: column,
    endLine,
    endColumn,
    byteOffset: start,
    byteLength: end - start,
  }
}
