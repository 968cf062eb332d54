import { escapeForTerminal } from './escape.ts'

/** All of ASCII that can mean something in markdown or HTML, or begins an address, a mention or a reference. */
const meaningful = /[!-,./:-@[-`{-~]/g

/** Text of a repository as nothing but text in GitHub's markdown, in tables too: an entity never begins or ends anything. */
export function markdownText(text: string): string {
  return escapeForTerminal(text).replace(meaningful, (character) => `&#${character.charCodeAt(0)};`)
}

/** The same in the type of code. In backquotes entities would be shown as they are written. */
export function markdownCode(text: string): string {
  return `<code>${markdownText(text)}</code>`
}

/** A sentence of Oakum's own in which commands stand in backquotes: these become code. */
export function markdownSentence(text: string): string {
  return text.split('`').map((piece, index) => (index % 2 === 1 ? markdownCode(piece) : markdownText(piece))).join('')
}
