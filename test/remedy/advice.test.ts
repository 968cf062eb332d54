import { describe, expect, test } from 'vitest'
import type { Finding, Origin } from '../../src/model.ts'
import { adviceFor } from '../../src/remedy/advice.ts'
import { attribution, finding, forbidden, hostileResult, part, place, rule, secrets } from '../support/result.ts'

const token = rule({ id: 'x-token', provider: 'x', remedy: 'Revoke it at x.example.' })
const commit: Origin = { kind: 'commit', path: { text: 'src/a.ts' }, object: 'a'.repeat(40) }

function advice(fields: Partial<Finding>): readonly string[] {
  return adviceFor(finding({ rule: token, ...fields }))
}

function at(kind: Origin['kind'], text: string): Partial<Finding> {
  return { places: [place({ kind, path: { text } })] }
}

describe('how far it got decides what comes first', () => {
  test('published: rotate and revoke, history later', () => {
    const [first, second, ...others] = advice({ places: [place(commit)], attribution: attribution() })
    expect(first).toMatch(/^Rotate it now\. Rewriting history does not help before/)
    expect([second, others]).toEqual(['Revoke it at x.example.', []])
  })

  test('pending: rewrite from the commit that brought it in', () => {
    const [first] = advice({ places: [place(commit)], attribution: attribution({ exposure: 'pending' }) })
    expect(first).toContain('Rewrite before you push, and edit or drop that commit: `git rebase --interactive 3f2a9c1d3f2a^`')
  })

  test('local: let the stash or the reflog go', () => {
    expect(advice({ places: [place(commit)], attribution: attribution({ exposure: 'local' }) })[0]).toMatch(/^No branch or tag holds it/)
  })

  test('staged: unstage this path and no other', () => {
    expect(advice(at('index', 'a b.ts'))[0]).toBe("Unstage it: `git restore --staged -- 'a b.ts'`.")
    expect(advice(at('index', '*\n'))[0]).toContain(String.raw`$':(literal)*\012'`)
  })

  test('in a file: move it out', () => {
    expect(advice(at('file', 'src/a.ts'))[0]).toMatch(/^Move the value to an environment variable/)
  })

  test('from a pipe: revoke', () => {
    expect(advice({ places: [place({ kind: 'stdin' })] })).toEqual(['Revoke it at x.example.', expect.stringMatching(/rotate it/)])
  })
})

describe('AWS keys', () => {
  const pair = [part('secret', secrets.key), part('id', secrets.id)]

  test('are deactivated first, by their redacted id', () => {
    const lines = advice({ rule: rule(), parts: pair, attribution: attribution() })
    expect(lines[1]).toContain(`\`aws iam update-access-key --access-key-id '${pair[1]?.redacted}' --status Inactive --user-name <user>\``)
    expect(lines[1]).toContain('redacted')
  })

  test('that are temporary are revoked with the sessions of their role', () => {
    const lines = advice({ rule: rule(), parts: [part('id', secrets.temporaryId)], facts: { expires: '2024-01-01T00:00:00Z' } })
    expect(lines.join('\n')).toContain('revoke the active sessions of their role, or wait until they expire (2024-01-01T00:00:00Z)')
  })

  test('without an id have the advice of their rule', () => {
    expect(advice({ rule: rule({ remedy: 'Find its user.' }) })).toContain('Find its user.')
  })
})

describe('dotenv files', () => {
  const inHead = attribution({ inHead: true })

  test.each(['.env', 'api/.env.local', 'prod.env'])('%s in HEAD is no longer to be tracked', (text) => {
    expect(advice({ ...at('commit', text), attribution: inHead }).join('\n')).toContain(`\`git rm --cached -- ${text}\``)
  })

  test.each([
    ['is gone from HEAD', { ...at('commit', '.env'), attribution: attribution() }],
    ['is a template', { ...at('commit', '.env.example'), attribution: inHead }],
    ['is no dotenv file', { ...at('commit', 'src/env.ts'), attribution: inHead }],
    ['is only staged', at('index', '.env')],
  ])('are left tracked when it %s', (_name, fields) => {
    expect(advice(fields).join('\n')).not.toContain('rm --cached')
  })

  test('that are found on disk are to be ignored, not moved to a dotenv file', () => {
    const lines = advice(at('file', '.env'))
    expect(lines[0]).toBe('Name the file in .gitignore, and if it is tracked, take it out of the index: `git rm --cached -- .env`.')
    expect(lines.join('\n')).not.toContain('Move the value')
  })

  test('that are templates keep a placeholder', () => {
    expect(advice(at('index', '.env.sample'))).toContain('The file is a template: keep it, with a placeholder for the value.')
  })
})

test('every finding has at least two lines, each without control characters', () => {
  for (const one of hostileResult.findings) {
    const lines = adviceFor(one)
    expect(lines.length).toBeGreaterThanOrEqual(2)
    expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  }
})

test('no advice tells a secret that is not in a name', () => {
  const names = hostileResult.findings.map((one) => ({ ...one, places: [place({ kind: 'index', path: { text: 'a' } })] as const }))
  for (const secret of forbidden) expect(names.flatMap((one) => adviceFor(one)).join('\n')).not.toContain(secret)
})
