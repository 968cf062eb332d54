// The names under which the parts of a credential stand. Equal names besides the words for id and
// secret (`dev_access_key`, `dev_secret_key`) say that two parts belong together.

/** Bytes before a value in which its name is looked for, and those that can separate the two. */
const MAX_NAME_DISTANCE = 200
const MAX_TABLE_BYTES = 4096

/** The most cells of a table's row that are read. */
const MAX_CELLS = 64

/** Words that name the role of a part, its service or its syntax, and not which credential it is. */
const roleWords = new Set(
  (
    'access api amazon auth aws client cred credential credentials env export iam id key keyid ' +
    'keys login name param pass password private profile pw s3 secret secretkey secrets set token ' +
    'user username accesskey accesskeyid secretaccesskey ak sk value val var ' +
    'const let string str text'
  ).split(' '),
)

/** Names that stand between a value and the name that tells more: `name: dev_key⏎ value: …`. */
const valueNames = /^(?:value|val|default|string|str|text|content|data|stdin|const|let|var)$/i

/** A name as it is written: `dev_access_key`, `env.AWS_KEY`, `/prod/id`, `devSecretKey`. */
const names = /[A-Za-z_][\w./-]{0,63}|(?<=\/)[\w./-]{1,63}/g

/** An id or a secret, which is the name of nothing. */
const credentialForm = /(?<![A-Za-z0-9+/])(?:A[KSBC][IC]A[A-Z2-7]{16}|[A-Za-z0-9+/]{38,}={0,2})$/

/** Bytes from a value to the end of its table cell. */
const MAX_CELL_BYTES = 200

/**
 * Returns the words that distinguish the credential of the value at `index`: those of its name and,
 * in a table, of its column's heading, in lower case and without words for roles.
 */
export function wordsAt(bytes: Uint8Array, index: number): readonly string[] {
  const start = Math.max(0, index - MAX_TABLE_BYTES)
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, index - start).toString('latin1')
  const rest = bytes.subarray(index, index + MAX_CELL_BYTES)
  const cell = Buffer.from(rest.buffer, rest.byteOffset, rest.byteLength).toString('latin1')
  const words = [nameBefore(text), headingOf(text, cell)].flatMap(wordsOf)
  return [...new Set(words)].sort()
}

/** Returns the name that is nearest before the end of a text. */
function nameBefore(text: string): string {
  const near = text.slice(-MAX_NAME_DISTANCE)
  const separator = /\W*$/.exec(near)?.[0] ?? ''
  const before = near.slice(0, near.length - separator.length)
  // A name on another line is that of the value only when a sign or bracket says so.
  const lines = separator.split('\n').length
  if (lines > 3 || (lines > 1 && !/[:=>([{]/.test(separator)) || credentialForm.test(before))
    return ''
  const found = Array.from(before.matchAll(names)).filter(
    ({ index }) => !before.slice(0, index).endsWith('</'),
  )
  let last = found.pop()
  if (last !== undefined && last.index + last[0].length < before.length) return ''
  while (last !== undefined && valueNames.test(last[0])) last = found.pop()
  return last === undefined || credentialForm.test(before.slice(0, last.index + last[0].length))
    ? ''
    : last[0]
}

/**
 * Returns the heading of the column of the cell between `text` and `rest`, from the nearest line
 * above with as many cells or more and no value of a credential.
 */
function headingOf(text: string, rest: string): string {
  const lines = text.split('\n')
  const row = lines.pop() ?? ''
  const delimiter = /[,;\t|]/.exec(row)?.[0] ?? /^[^\s,;|]*["' ]{0,2}([,;\t|])/.exec(rest)?.[1]
  if (delimiter === undefined) return ''
  const column = row.split(delimiter).length - 1
  if (column > MAX_CELLS) return ''
  for (const line of lines.reverse()) {
    const cells = line.split(delimiter)
    if (cells.length <= column || cells.some((cell) => credentialForm.test(trimmed(cell)))) continue
    const heading = trimmed(cells[column] ?? '')
    if (/^[A-Za-z][\w ./-]{0,63}$/.test(heading)) return heading
  }
  return ''
}

function trimmed(cell: string): string {
  return cell.replaceAll(/^[\s"']+|[\s"'\r]+$/g, '')
}

/** Splits a name at separators, at digits and where its case changes, and drops words for roles. */
function wordsOf(name: string): readonly string[] {
  const words = name.replaceAll(/s3/gi, ' ').match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? []
  return words.map((word) => word.toLowerCase()).filter((word) => !roleWords.has(word))
}
