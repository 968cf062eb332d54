/** Random AWS credentials, and where writers put them. */
import { asiaTriple, awsPair } from '../credentials.ts'
import { seededRandom } from '../random.ts'

export interface Credential {
  readonly id: string
  readonly secret: string
  /** Temporary ones have a session token. */
  readonly token?: string
}

/**
 * A secret in bytes: from the first byte of its first character to the last byte of its last one,
 * however they are written.
 */
interface Planted {
  readonly role: 'id' | 'secret' | 'token'
  readonly value: string
  readonly start: number
  readonly end: number
}

export interface Rendered {
  readonly bytes: Buffer
  /** One list a credential that is to be found. */
  readonly credentials: readonly (readonly Planted[])[]
}

/** One way to write credentials down. */
export interface Layout {
  readonly name: string
  readonly render: (seed: number) => Rendered
}

/**
 * One seed in four gives a secret that begins with `+` or `/`, another one in four one that ends
 * so, and one in sixteen both.
 */
export function credentialOf(seed: number): Credential {
  const { id, secret } = awsPair(seed * 16 + 5)
  return { id, secret: edged(secret, seed) }
}

/** A temporary credential, edges as above. */
function temporaryOf(seed: number): Credential {
  const triple = asiaTriple(seed * 16 + 5)
  return { ...triple, secret: edged(triple.secret, seed) }
}

function edged(secret: string, seed: number): string {
  const edge = seed % 8 < 4 ? '+' : '/'
  const first = seed % 4 === 0 || seed % 16 === 15 ? edge : secret.slice(0, 1)
  const last = seed % 4 === 1 || seed % 16 === 15 ? edge : secret.slice(-1)
  return first + secret.slice(1, -1) + last
}

/** Numbers for a layout of its own, apart from those that make the credential. */
function randomFor(seed: number): () => number {
  return seededRandom(seed ^ 0x5eed)
}

export function pick<T>(random: () => number, choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(random() * choices.length)] ?? choices[0]
}

/** How a writer may put one character that is no letter or digit. */
const forms = new Map(
  Array.from('+/', (char) => {
    const hex = char.charCodeAt(0).toString(16)
    const shown = `${hex[0]}[${hex[1]}${hex[1]?.toUpperCase()}]`
    return [
      char,
      new RegExp(
        `\\\\{0,7}\\${char}|\\\\{1,7}(?:u00|x)${shown}|[%=]${shown}|&#x0{0,2}${shown};|&#0?${char.charCodeAt(0)};`,
        'y',
      ),
    ]
  }),
)

/**
 * Where in `text` a value stands, whatever escapes its characters have and whatever `gap` (source
 * of an expression) stands between two of them.
 */
function placeOf(text: string, value: string, gap = ''): readonly [start: number, end: number] {
  const between = gap === '' ? undefined : new RegExp(gap, 'y')
  const found = Array.from(
    text,
    (_, start) => [start, endOf(text, value, start, between)] as const,
  ).filter(([, end]) => end !== undefined)
  const [start, end] = found[0] ?? []
  if (found.length !== 1 || start === undefined || end === undefined)
    throw new Error(`a value stands ${found.length} times in a layout: ${text.slice(0, 200)}`)
  return [start, end]
}

function endOf(
  text: string,
  value: string,
  start: number,
  between: RegExp | undefined,
): number | undefined {
  let at = start
  for (let index = 0; index < value.length; index += 1) {
    if (index > 0 && between !== undefined) at = skip(between, text, at) ?? at
    const form = forms.get(value.charAt(index))
    const next =
      form === undefined ? (text[at] === value[index] ? at + 1 : undefined) : skip(form, text, at)
    if (next === undefined) return undefined
    at = next
  }
  // What begins with an escape also fits behind its backslashes.
  return text[start - 1] === '\\' && forms.has(value.charAt(0)) ? undefined : at
}

function skip(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : undefined
}

/** The parts of credentials in ASCII text. */
export function plantedIn(
  text: string,
  credentials: readonly Partial<Credential>[],
  gap?: string,
): Rendered['credentials'] {
  return credentials.map((credential) =>
    (['secret', 'token', 'id'] as const).flatMap((role) => {
      const value = credential[role]
      if (value === undefined) return []
      const [start, end] = placeOf(text, value, gap)
      return [{ role, value, start, end }]
    }),
  )
}

/** A layout that is text, with one credential. */
export function textLayout(
  name: string,
  write: (credential: Credential, random: () => number, seed: number) => string,
  gap?: string,
): Layout {
  return {
    name,
    render: (seed) => {
      const credential = credentialOf(seed)
      const text = write(credential, randomFor(seed), seed)
      return { bytes: Buffer.from(text, 'latin1'), credentials: plantedIn(text, [credential], gap) }
    },
  }
}

/** A layout that is text, with three credentials. */
export function severalLayout(
  name: string,
  write: (credentials: readonly Credential[], random: () => number) => string,
): Layout {
  return {
    name,
    render: (seed) => {
      const credentials = [seed, seed + 5000, seed + 10_001].map(credentialOf)
      const text = write(credentials, randomFor(seed))
      return { bytes: Buffer.from(text, 'latin1'), credentials: plantedIn(text, credentials) }
    },
  }
}

/** A layout that is text, with a temporary credential and its token. */
export function temporaryLayout(
  name: string,
  write: (credential: Credential & { readonly token: string }) => string,
): Layout {
  return {
    name,
    render: (seed) => {
      const credential = temporaryOf(seed)
      const text = write({ token: '', ...credential })
      return { bytes: Buffer.from(text, 'latin1'), credentials: plantedIn(text, [credential]) }
    },
  }
}

/**
 * The same layout in UTF-16 with a byte order mark. A span leaves out the NUL bytes at its ends.
 */
export function wideLayout(layout: Layout, order: 'little' | 'big'): Layout {
  return {
    name: `${layout.name}, UTF-16 ${order} endian`,
    render: (seed) => {
      const { bytes, credentials } = layout.render(seed)
      const wide = Buffer.from(`\uFEFF${bytes.toString('latin1')}`, 'utf16le')
      const side = order === 'little' ? 0 : 1
      const moved = credentials.map((parts) =>
        parts.map((part) => ({
          ...part,
          start: 2 + 2 * part.start + side,
          end: 2 + 2 * (part.end - 1) + side + 1,
        })),
      )
      return { bytes: order === 'little' ? wide : wide.swap16(), credentials: moved }
    },
  }
}
