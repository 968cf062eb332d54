/**
 * Recognizes placeholders and common passwords that are made of words: `your-api-key-here`,
 * `changeme`.
 */
import { wordSet } from '../../model/word-set.ts'

/**
 * Words that say that a value is still to be filled in. A text of these and filler words is a
 * placeholder if it has at least one of them.
 */
const markerWords = wordSet(`
  your yours my mine here insert enter put replace replaced change changed changeme changeit
  example examples sample dummy fake placeholder todo tbd fixme foo bar baz foobar some
  something this xxx xxxx xxxxx test testing tests demo default redacted removed hidden masked
  mock mocked stub none null nil undefined unset empty missing blank invalid notset generate
  generated provide required needed please fill dont
`)

/** Further words that occur in placeholders. */
const fillerWords = wordSet(`
  a an the of in on to for with and or is it be not no me us do by as at from if must should
  only own new old very super top strong long random really real actual secure production prod
  dev develop development local localhost staging stage live set use value string text word
  words number hex api app application key keys secret secrets token tokens password passwords
  passwd passphrase pass pwd private public access auth authentication client service account
  server system project master signing encryption hash jwt cookie session webhook bearer
  credential credentials id ids uuid name db database user users username admin administrator
  root guest owner login smtp mail email ftp ssh rsa postgres postgresql pg mysql mariadb mongo
  mongodb redis rabbitmq rabbit elastic elasticsearch minio sa oracle kafka keycloak grafana aws
  amazon github gitlab slack stripe google openai azure twilio sendgrid mailgun firebase
  supabase cloudflare sentry datadog nextauth rails django laravel symfony flask spring
  homestead docker bytes chars characters minimum min least bit bits
`)

/** Words that people use as passwords when they do not mean to keep anybody out. */
const commonPasswords = wordSet(`
  qwerty qwertz azerty letmein welcome hunter iloveyou monkey dragon abc asdf pw sesame trustno
  keyboardcat shhh keyboard cat hello world helloworld temp temporary tmp
`)

const MAX_WORD_LENGTH = 14

/**
 * True for a text of placeholder words, of which at least one is a marker: `your-api-key-here`,
 * `ChangeThisSecret`.
 */
export function isPlaceholderPhrase(text: string): boolean {
  const letters = lettersOf(text)
  return (
    letters !== undefined &&
    canSegment(
      letters,
      (word) => markerWords.has(word) || fillerWords.has(word),
      (word) => markerWords.has(word),
    )
  )
}

/**
 * True for a password that everybody tries first: `postgres`, `secret123`, `P@ssw0rd`, `qwerty`.
 */
export function isCommonWord(text: string): boolean {
  return [text, unleet(text)].some((form) => {
    const letters = lettersOf(form)
    return letters !== undefined && canSegment(letters, isWeak, () => true)
  })
}

function isWeak(word: string): boolean {
  return markerWords.has(word) || fillerWords.has(word) || commonPasswords.has(word)
}

/**
 * Replaces digits and signs that stand for letters: `P@55w0rd` → password. A tail of digits stays,
 * as it is removed later.
 */
function unleet(text: string): string {
  const from = '0134578@$'
  const to = 'oieastbas'
  const [, body = '', tail = ''] = /^(.*?)(\d{0,6}[!?.]{0,3})$/.exec(text) ?? []
  return (
    Array.from(body, (char) => (from.includes(char) ? to.charAt(from.indexOf(char)) : char)).join(
      '',
    ) + tail
  )
}

/**
 * Returns the runs of letters of a text in lower case, or undefined when the text is more than
 * words and a tail such as `123!`.
 */
function lettersOf(text: string): readonly string[] | undefined {
  if (text.length > 80) return undefined
  const stripped = text
    .toLowerCase()
    .replace('base64', 'hex')
    .replace(/^[!*#]{1,3}/, '')
    .replace(/(?:\d|01|12|123|1234|12345|123456|123456789)?[!?.*]{0,3}$/, '')
  const isWords = /^[a-z]+(?:[-_ .:/]{1,3}(?:[a-z]+|\d{1,4}(?=[-_ .:/])))*$/.test(stripped)
  return isWords ? stripped.split(/[-_ .:/]+/).filter((word) => !/^\d/.test(word)) : undefined
}

/** True when every run can be cut into words, and at least one of the words is a marker. */
function canSegment(
  runs: readonly string[],
  isWord: (word: string) => boolean,
  isMarker: (word: string) => boolean,
): boolean {
  let hasMarker = false
  for (const run of runs) {
    /**
     * Reachability of each position by whole words: undefined if not reachable, true if a marker is
     * among the words, else false.
     */
    const reachable: (boolean | undefined)[] = [false]
    for (let end = 1; end <= run.length; end++) {
      for (let start = Math.max(0, end - MAX_WORD_LENGTH); start < end; start++) {
        const before = reachable[start]
        const word = run.slice(start, end)
        if (before !== undefined && isWord(word))
          reachable[end] = reachable[end] === true || before || isMarker(word)
      }
    }
    const last = reachable[run.length]
    if (last === undefined) return false
    hasMarker ||= last
  }
  return hasMarker
}
