/** Verdict as Markdown, for `oakum audit --format markdown`. */
import { formatCount } from '../../report/terminal/units.ts'
import type { VerdictDocument, VerdictItem, VerdictSection } from './document.ts'

/**
 * Returns the verdict as Markdown for an issue or a release checklist. Names of the repository are
 * escaped or set as code.
 */
export function verdictMarkdown(document: VerdictDocument, maxItems = 50): string {
  const lines = [
    `# ${document.headline}: ${escapeMarkdown(document.name)}`,
    '',
    `${escapeMarkdown(document.summary)}.`,
    '',
    ...document.sections.flatMap((section) => [...sectionLines(section, maxItems), '']),
    `Scanned: ${escapeMarkdown(document.read)}.`,
  ]
  return lines.map((line) => `${line}\n`).join('')
}

function sectionLines(
  { title, blocks, count, advice, items }: VerdictSection,
  maxItems: number,
): readonly string[] {
  const more = count - Math.min(maxItems, items.length)
  return [
    `## ${blocks ? 'Blocking: ' : ''}${title} (${formatCount(count)})`,
    '',
    escapeMarkdown(advice),
    '',
    ...items.slice(0, maxItems).map((item) => itemLine(item, blocks)),
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
  const head = words.filter((word) => word !== undefined).join(' ')
  return `- ${blocks ? '[ ] ' : ''}${head}${rest.length === 0 ? '' : `: ${rest.join('; ')}`}`
}

/** Escapes Markdown, HTML, and the mentions and references that hosts such as GitHub add. */
function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>()#+!|~&@$:=-]/g, (character) =>
    /[@#:]/.test(character) ? `&#${character.charCodeAt(0)};` : `\\${character}`,
  )
}

function codeHtml(text: string): string {
  const escaped = text.replaceAll(
    /[^\w .…]/gu,
    (character) => `&#${character.codePointAt(0) ?? 0};`,
  )
  return `<code>${escaped}</code>`
}
