import { formatCount } from '../../report/terminal/units.ts'
import type { VerdictDocument, VerdictItem, VerdictSection } from './document.ts'

/**
 * The verdict as Markdown, such as an issue or a release checklist takes. Names stand as code, or
 * with all that acts escaped.
 */
export function verdictMarkdown(document: VerdictDocument, listed = 50): string {
  const lines = [
    `# ${document.headline}: ${escapeMarkdown(document.name)}`,
    '',
    `${escapeMarkdown(document.summary)}.`,
    '',
    ...document.sections.flatMap((section) => [...sectionLines(section, listed), '']),
    `Read: ${escapeMarkdown(document.read)}.`,
  ]
  return lines.map((line) => `${line}\n`).join('')
}

function sectionLines(
  { title, blocks, count, advice, items }: VerdictSection,
  listed: number,
): readonly string[] {
  const more = count - Math.min(listed, items.length)
  return [
    `## ${blocks ? 'In the way: ' : ''}${title} (${formatCount(count)})`,
    '',
    escapeMarkdown(advice),
    '',
    ...items.slice(0, listed).map((item) => itemLine(item, blocks)),
    ...(more > 0 && items.length > 0 ? [`- and ${formatCount(more)} more`] : []),
  ]
}

function itemLine(
  { severity, title, credential, notes, fingerprint }: VerdictItem,
  blocks: boolean,
): string {
  const words = [
    severity === undefined ? undefined : `**${severity}**`,
    escapeMarkdown(title),
    credential === undefined ? undefined : codeHtml(credential),
  ]
  const rest = [
    ...notes.map(escapeMarkdown),
    ...(fingerprint === undefined ? [] : [codeHtml(fingerprint)]),
  ]
  return `- ${blocks ? '[ ] ' : ''}${words.filter((word) => word !== undefined).join(' ')}${rest.length === 0 ? '' : `: ${rest.join('; ')}`}`
}

/**
 * Text in which no character of Markdown, HTML, or of what hosts add (mentions, references) acts.
 */
function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>()#+!|~&@$:=-]/g, (character) =>
    /[@#:]/.test(character) ? `&#${character.charCodeAt(0)};` : `\\${character}`,
  )
}

function codeHtml(text: string): string {
  return `<code>${text.replaceAll(/[^\w .…]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`)}</code>`
}
