import { wordSet } from '../../model/word-set.ts'

/**
 * Words that say a value is still to be filled in. One of them makes a text of known words a
 * placeholder.
 */
const telling = wordSet(`
  your yours my mine here insert enter put replace replaced change changed changeme changeit
  example examples sample dummy fake placeholder todo tbd fixme foo bar baz foobar some
  something this xxx xxxx xxxxx test testing tests demo default redacted removed hidden masked
  mock mocked stub none null nil undefined unset empty missing blank invalid notset generate
  generated provide required needed please fill dont
`)

/** Words that placeholders are made of beside those. */
const plain = wordSet(`
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

/** What people type when they do not mean to keep anybody out. */
const common = wordSet(`
  qwerty qwertz azerty letmein welcome hunter iloveyou monkey dragon abc asdf pw sesame trustno
  keyboardcat shhh keyboard cat hello world helloworld temp temporary tmp
`)

const longest = 14

/**
 * Is `text` made of words a placeholder is made of, `your-api-key-here`, `ChangeThisSecret`, and of
 * one at least that says so?
 */
export function isPlaceholderPhrase(text: string): boolean {
  const letters = lettersOf(text)
  return (
    letters !== undefined &&
    segment(
      letters,
      (word) => telling.has(word) || plain.has(word),
      (word) => telling.has(word),
    )
  )
}

/** Is `text` a word everybody tries first: `postgres`, `secret123`, `P@ssw0rd`, `qwerty`? */
export function isCommonWord(text: string): boolean {
  return [text, unleet(text)].some((form) => {
    const letters = lettersOf(form)
    return letters !== undefined && segment(letters, isWeak, () => true)
  })
}

function isWeak(word: string): boolean {
  return telling.has(word) || plain.has(word) || common.has(word)
}

/** `P@55w0rd` as it is meant; a tail of digits stays, it is cut later. */
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
 * The words as one string per run of letters, or nothing when there is more than words and a tail
 * such as `123!`.
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

/** Can every run be cut into words that are `known`, one of them at least `enough`? */
function segment(
  runs: readonly string[],
  known: (word: string) => boolean,
  enough: (word: string) => boolean,
): boolean {
  let told = false
  for (const run of runs) {
    /**
     * Per position: not reachable (undefined), reachable (false), reachable with a word that is
     * enough (true).
     */
    const reached: (boolean | undefined)[] = [false]
    for (let end = 1; end <= run.length; end++) {
      for (let start = Math.max(0, end - longest); start < end; start++) {
        const before = reached[start]
        const word = run.slice(start, end)
        if (before !== undefined && known(word))
          reached[end] = reached[end] === true || before || enough(word)
      }
    }
    const last = reached[run.length]
    if (last === undefined) return false
    told ||= last
  }
  return told
}
