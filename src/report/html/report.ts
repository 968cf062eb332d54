/**
 * One page that needs nothing else: no request, no other file. The script and the style come from
 * `page/`.
 */
import type { ScanResult } from '../../model/outcome.ts'
import type { ReportOptions } from '../options.ts'
import { pageReport } from './data.ts'
import { script, scriptHash, style, styleHash } from './page.ts'

/** Only this style and this script, and nothing from anywhere; not even a form or another base. */
const policy = `default-src 'none'; script-src '${scriptHash}'; style-src '${styleHash}'; base-uri 'none'; form-action 'none'`

const characters: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * The whole page. What a repository says stands in it as JSON only, and the script puts it in as
 * text.
 */
export function htmlReport(result: ScanResult, options: ReportOptions): string {
  const report = pageReport(result, options)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="generator" content="Oakum ${escapeHtml(report.version)}">
<title>${escapeHtml(['Oakum', report.subject, report.verdict].filter((one) => one !== '').join(' · '))}</title>
<style>${style}</style>
</head>
<body>
<div id="page"><noscript><main><h1>Oakum</h1><p>${escapeHtml(report.verdict)} This page needs its script to list them; other formats do not.</p></main></noscript></div>
<script type="application/json" id="report">${escapeData(JSON.stringify(report))}</script>
<script>${script}</script>
</body>
</html>
`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => characters[character] ?? '')
}

/** JSON in which no element ends and none begins. */
function escapeData(json: string): string {
  return json.replace(
    /[&<>\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
