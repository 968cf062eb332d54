/**
 * The `html` format: one self-contained page that loads nothing. Its script and style are compiled
 * from the folder `page/` into `page.ts`.
 */
import type { ScanResult } from '../../model/outcome.ts'
import type { ReportOptions } from '../options.ts'
import { pageReport } from './data.ts'
import { script, scriptHash, style, styleHash } from './page.ts'

/** Allows only the page's own style and script, by hash; no requests, forms or base address. */
const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src '${scriptHash}'`,
  `style-src '${styleHash}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * Writes the page. Text from the repository is embedded as JSON only, and the script inserts it as
 * text nodes.
 */
export function htmlReport(result: ScanResult, options: ReportOptions): string {
  const report = pageReport(result, options)
  const title = ['Oakum', report.subject, report.verdict].filter((part) => part !== '').join(' · ')
  const fallback = `${report.verdict} This page needs JavaScript to list the findings; other formats do not.`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="generator" content="Oakum ${escapeHtml(report.version)}">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<div id="page"><noscript><main><h1>Oakum</h1><p>${escapeHtml(fallback)}</p></main></noscript></div>
<script type="application/json" id="report">${escapeScriptData(JSON.stringify(report))}</script>
<script>${script}</script>
</body>
</html>
`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}

/** Escapes JSON so that it cannot end its script element or start another one. */
function escapeScriptData(json: string): string {
  return json.replace(
    /[&<>\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
