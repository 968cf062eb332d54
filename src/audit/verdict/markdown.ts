import { formatCount } from '../../report/terminal/units.ts'
import type { Document, Item, Section } from './document.ts'

/**
 * The verdict as Markdown, such as an issue or a release checklist takes. Names stand as code, or
 * with all that acts escaped.
 */
export function verdictMarkdown(document: Document, listed = 50): string {
  const lines = [
    `# ${document.headline}: ${plain(document.name)}`,
    '',
    `${plain(document.summary)}.`,
    '',
    ...document.sections.flatMap((section) => [...sectionLines(section, listed), '']),
    `Read: ${plain(document.read)}.`,
  ]
  return lines.map((line) => `${line}\n`).join('')
}

function sectionLines(
  { title, blocks, count, advice, items }: Section,
  listed: number,
): readonly string[] {
  const more = count - Math.min(listed, items.length)
  return [
    `## ${blocks ? 'In the way: ' : ''}${title} (${formatCount(count)})`,
    '',
    plain(advice),
    '',
    ...items.slice(0, listed).map((item) => itemLine(item, blocks)),
    ...(more > 0 && items.length > 0 ? [`- and ${formatCount(more)} more`] : []),
  ]
}

function itemLine(
  { severity, title, credential, notes, fingerprint }: Item,
  blocks: boolean,
): string {
  const words = [
    severity === undefined ? undefined : `**${severity}**`,
    plain(title),
    credential === undefined ? undefined : code(credential),
  ]
  const rest = [...notes.map(plain), ...(fingerprint === undefined ? [] : [code(fingerprint)])]
  return `- ${blocks ? '[ ] ' : ''}${words.filter((word) => word !== undefined).join(' ')}${rest.length === 0 ? '' : `: ${rest.join('; ')}`}`
}

/**
 * Text in which no character of Markdown, HTML, or of what hosts add (mentions, references) acts.
 */
function plain(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>()#+!|~&@$:=-]/g, (character) =>
    /[@#:]/.test(character) ? `&#${character.charCodeAt(0)};` : `\\${character}`,
  )
}

function code(text: string): string {
  return `<code>${text.replaceAll(/[^\w .…]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`)}</code>`
}
