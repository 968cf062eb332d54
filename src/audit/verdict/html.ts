/** Verdict as an HTML page, for `oakum audit --format html`. */
import { createHash } from 'node:crypto'
import { formatCount } from '../../report/terminal/units.ts'
import type { VerdictDocument, VerdictItem, VerdictSection } from './document.ts'

const style = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1c2128;--dim:#57606a;--line:#d0d7de;--bad:#b42318;--good:#176f2c;--maybe:#8a5a00;--card:#f6f8fa}
@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--dim:#9198a1;--line:#30363d;--bad:#ff8d84;--good:#5bd36f;--maybe:#e3b341;--card:#161b22}}
body{background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:0 auto;padding:2rem 1rem}
h1{font-size:1.9rem;margin:0}h2{font-size:1.15rem;margin:2rem 0 .25rem}
p{margin:.25rem 0}.dim{color:var(--dim)}.safe{color:var(--good)}.not-yet{color:var(--bad)}.unknown{color:var(--maybe)}
ul{list-style:none;padding:0;margin:.75rem 0}li{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.5rem .75rem;margin:.4rem 0;overflow-wrap:anywhere}
code{font:.9em ui-monospace,monospace}.severity{font-weight:600;text-transform:uppercase;font-size:.8em}
@media print{body{max-width:none;padding:0}}
`

/** Returns the verdict as one HTML page that loads nothing, runs no script, and can be printed. */
export function verdictHtml(document: VerdictDocument, maxItems = 200): string {
  const hash = createHash('sha256').update(style).digest('base64')
  const name = escapeHtml(document.name)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(document.headline)}: ${name}</title>
<style>${style}</style>
</head>
<body>
<main>
<p class="dim">${name}</p>
<h1 class="${document.answer}">${escapeHtml(document.headline)}</h1>
<p>${escapeHtml(document.summary)}.</p>
${document.sections.map((section) => sectionHtml(section, maxItems)).join('\n')}
<p class="dim">Scanned: ${escapeHtml(document.read)}.</p>
</main>
</body>
</html>
`
}

function sectionHtml(
  { title, blocks, count, advice, items }: VerdictSection,
  maxItems: number,
): string {
  const more = count - Math.min(maxItems, items.length)
  const rows = [
    ...items.slice(0, maxItems).map(itemHtml),
    ...(more > 0 && items.length > 0 ? [`<li>and ${formatCount(more)} more</li>`] : []),
  ]
  const label = blocks ? '<span class="not-yet">Blocking:</span> ' : ''
  return `<section>
<h2>${label}${escapeHtml(title)} (${formatCount(count)})</h2>
<p class="dim">${escapeHtml(advice)}</p>
${rows.length === 0 ? '' : `<ul>\n${rows.join('\n')}\n</ul>`}
</section>`
}

function itemHtml({ severity, title, credential, notes, fingerprint }: VerdictItem): string {
  const words = [
    severity === undefined ? '' : `<span class="severity">${severity}</span>`,
    escapeHtml(title),
    credential === undefined ? '' : `<code>${escapeHtml(credential)}</code>`,
  ]
  const rest = [
    ...notes.map(escapeHtml),
    ...(fingerprint === undefined ? [] : [`<code>${escapeHtml(fingerprint)}</code>`]),
  ]
  const headLine = words.filter((word) => word !== '').join(' ')
  const notesLine = rest.length === 0 ? '' : `<br><span class="dim">${rest.join('; ')}</span>`
  return `<li>${headLine}${notesLine}</li>`
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
