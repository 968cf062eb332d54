/**
 * Results in which everything that a repository says is hostile: to terminals, logs, browsers,
 * spreadsheets, readers of XML and markdown.
 */
import type { Finding, Introduction } from '../../src/model/model.ts'
import type { ScanResult } from '../../src/model/outcome.ts'
import { seededRandom } from './random.ts'
import { attribution, cleanResult, finding, part, place, rule, secrets } from './result.ts'

/** Each does something somewhere, if it is not escaped there. */
export const attacks: readonly string[] = [
  '::error file=a,line=1::owned',
  '\n::set-output name=x::y',
  '\r\n::stop-commands::x',
  '##[error]owned',
  '##vso[task.setvariable]x',
  '::add-mask::a',
  '%0A::error::x',
  '%',
  '</script><script>window.owned=1</script>',
  '<img src=x onerror=window.owned=1>',
  '<!--',
  '-->',
  '"><svg onload=window.owned=1>',
  "' onmouseover='window.owned=1",
  '&lt;b&gt;',
  'javascript:window.owned=1',
  '\u001B[31mred\u001B[0m',
  '\u001B]0;title\u0007',
  '\u009B2J',
  '\u0000',
  '\b\b\b',
  '\u202Egnp.exe',
  '\u2066x\u2069',
  '\u200B',
  '\u{E0041}',
  '\u2028',
  '\u2029',
  '\uD800',
  '\uFFFE\uFFFF',
  '=cmd()',
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-2+3',
  '@SUM(1)',
  '\t=1',
  '＝1',
  '"=1',
  'a;=1',
  'a,b',
  '"',
  '""',
  '\t',
  '${{ secrets.TOKEN }}',
  '{{ x }}',
  '{0}',
  '$(id)',
  '`id`',
  ']]>',
  '<![CDATA[',
  '<!ENTITY x "y">',
  '&x;',
  '%x;',
  '| cell',
  '**bold**',
  '[link](javascript:window.owned=1)',
  '![image](https://example.com/x.png)',
  '<https://example.com>',
  'https://example.com/x',
  'www.example.com',
  'someone@example.com',
  '@someone',
  '#1',
  '# head',
  '- item',
  '1. item',
  '> quote',
  '```',
  '~~x~~',
  '$x$',
  '\\',
  ':smile:',
  '<details>',
  '</code></td></table>',
  '../../etc/passwd',
  '//example.com/x',
  'C:\\x',
  'a b',
  '',
  '日本語',
  'é',
  '🔑',
]

/** Names of up to three attacks each, the same for the same seed, with a secret in some. */
function hostileNames(seed: number, withSecrets: boolean): () => string {
  const random = seededRandom(seed)
  const pick = (): string =>
    withSecrets && random() < 0.1
      ? secrets.key
      : (attacks[Math.floor(random() * attacks.length)] ?? '')
  return () =>
    Array.from({ length: 1 + Math.floor(random() * 3) }, pick).join(random() < 0.5 ? '/' : '')
}

/**
 * A result of such names: in paths, members, authors, branches, facts, explanations, reasons,
 * identities and skips.
 */
export function hostileNamed(seed: number): ScanResult {
  const name = hostileNames(seed, true)
  // A configuration names rules, not a repository.
  const word = hostileNames(seed + 1000, false)
  const introduction = (): Introduction => ({
    commit: 'ab'.repeat(20),
    author: name(),
    date: '2024-05-01T10:00:00+02:00',
    path: { text: name() },
  })
  const findings = Array.from(
    { length: 12 },
    (_, number): Finding =>
      finding({
        fingerprint: `oak1-${number.toString(16).padStart(32, '0')}`,
        severity: (['critical', 'high', 'medium', 'low'] as const)[number % 4] ?? 'low',
        rule: rule({
          id: `own-${number}`,
          description: `Kind ${word()}`,
          provider: word(),
          remedy: `Do ${word()}`,
          references: [word(), `https://example.com/${word()}`],
        }),
        parts: [part('secret', secrets.key), part('id', secrets.id)],
        facts: { [`fact${word()}`]: name() },
        places: [
          place({
            kind: (['commit', 'file', 'index', 'message', 'stdin'] as const)[number % 5] ?? 'file',
            path: { text: name() },
            object: 'cd'.repeat(20),
            commit: 'ef'.repeat(20),
            ...(number % 3 === 0 && { member: name() }),
          }),
          place({ kind: 'commit', path: { text: name() }, commit: '12'.repeat(20) }, 'id', 7),
        ],
        ...(number % 4 !== 3 && {
          attribution: attribution({
            first: introduction(),
            last: introduction(),
            removed: introduction(),
            inHead: number % 2 === 0,
            refs: [name(), `refs/heads/${name()}`],
          }),
        }),
        verification: {
          status: 'live',
          reason: name(),
          identity: { account: name(), arn: name(), userId: name(), kind: 'user' },
        },
        lapsed: name(),
        explanation: [name(), name()],
      }),
  )
  return {
    findings,
    suppressed: findings.map(({ places: [seen] }) => ({
      rule: word(),
      suppression: { by: 'inline', reason: name() },
      redacted: name(),
      place: seen,
    })),
    receipt: {
      ...cleanResult.receipt,
      complete: false,
      target: 'range',
      range: { base: name(), head: name() },
      config: { path: name(), from: 'worktree' },
      git: word(),
      skipped: Array.from({ length: 12 }, (_, number) => ({
        outcome: number % 2 === 0 ? 'failed' : 'bounded',
        reason: 'unreadable',
        path: { text: name() },
        member: name(),
        detail: name(),
      })),
    },
  }
}
