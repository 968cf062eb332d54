import { escapeForTerminal } from '../terminal/escape.ts'

/**
 * What can mean something in markdown, HTML or mathematics, mentions somebody or refers to
 * something; and what makes an address of words, though not in the middle of names as they usually
 * are.
 */
const meaningful = /[!"#$&'()*+<=>@[\\\]^_`{|}~-]|:(?=\/\/)|(?<=www)\.|^[\d.)]+/gi

/**
 * Text of a repository as nothing but text in GitHub's markdown, in tables too: an entity never
 * begins or ends anything.
 */
export function markdownText(text: string): string {
  return escapeForTerminal(text).replace(meaningful, (found) =>
    Array.from(found, entityOf).join(''),
  )
}

/**
 * A comment behind the sign keeps what would be an address from being one: entities are read before
 * addresses are looked for.
 */
function entityOf(character: string): string {
  return `&#${character.charCodeAt(0)};${character === '@' ? '<!-- -->' : ''}`
}

/** The same in the type of code. In backquotes entities would be shown as they are written. */
export function markdownCode(text: string): string {
  return `<code>${markdownText(text)}</code>`
}

/** A sentence of Oakum's own in which commands stand in backquotes: these become code. */
export function markdownSentence(text: string): string {
  return text
    .split('`')
    .map((piece, index) => (index % 2 === 1 ? markdownCode(piece) : markdownText(piece)))
    .join('')
}
