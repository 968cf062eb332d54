// Writes docs/rules.md from the compiled rules: `npm run docs`. A test holds the page to it.
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const root = resolve(import.meta.dirname, '..')

const HEAD = `# Rules

Oakum finds these kinds of credentials. This page is generated from [patterns/](../patterns/README.md): \`npm run docs\`.

\`oakum rules list\` prints the same list, \`oakum rules show <id>\` one rule with its keywords, pattern and references,
and \`oakum rules explain <file>\` what the rules find in a file and why. Severity is that of the whole credential: a
part found alone, an expired token or the bait of a canary service counts less, a key that is verified live more.
`

/** The page for these rules (`builtinRules().rules`): one table, ordered by provider and id. */
export function rulesPage(rules) {
  const ordered = rules.toSorted((a, b) =>
    a.provider === b.provider ? compare(a.id, b.id) : compare(a.provider, b.provider),
  )
  const providers = new Set(rules.map(({ provider }) => provider)).size
  const rows = ordered.map(
    ({ id, provider, description, severity, references }) =>
      `| ${provider} | \`${id}\` | ${description} | ${severity} | ${references
        .map((url, at) => `[${at + 1}](${url})`)
        .join(' ')} |`,
  )
  return [
    HEAD,
    `${rules.length} rules of ${providers} providers:`,
    '',
    '| provider | rule | finds | severity | references |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0
}

if (process.argv[1] === import.meta.filename) {
  const { builtinRules } = await import(pathToFileURL(resolve(root, 'dist/rules/load.js')).href)
  writeFileSync(resolve(root, 'docs/rules.md'), rulesPage(builtinRules().rules))
}
