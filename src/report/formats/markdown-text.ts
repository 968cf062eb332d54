/** Escapes text for GitHub-flavored markdown. */
import { escapeForTerminal } from '../terminal/escape.ts'

/**
 * Characters with a meaning in markdown, HTML or mathematics, or that start a mention or a
 * reference; and the characters that turn words into links, unless they are in the middle of a word.
 */
const special = /[!"#$&'()*+<=>@[\\\]^_`{|}~-]|:(?=\/\/)|(?<=www)\.|^[\d.)]+/gi

/** Escapes text so that markdown renders it literally, in tables too. Uses entities throughout. */
export function markdownText(text: string): string {
  return escapeForTerminal(text).replace(special, (match) => Array.from(match, entityOf).join(''))
}

/**
 * GitHub decodes entities before it looks for mentions and addresses, so an empty comment after an
 * `@` separates it from the name.
 */
function entityOf(character: string): string {
  return `&#${character.charCodeAt(0)};${character === '@' ? '<!-- -->' : ''}`
}

/** Escapes text as inline code. Backquotes would show entities literally. */
export function markdownCode(text: string): string {
  return `<code>${markdownText(text)}</code>`
}

/** Escapes a sentence of Oakum's own, and turns commands in backquotes into inline code. */
export function markdownSentence(text: string): string {
  return text
    .split('`')
    .map((piece, index) => (index % 2 === 1 ? markdownCode(piece) : markdownText(piece)))
    .join('')
}
