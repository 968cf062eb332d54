import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/scan/engine.ts'
import type { Candidate, RepoPath } from '../../src/model/model.ts'
import { builtinRules } from '../../src/rules/load.ts'
import { awsPair, password } from '../support/credentials.ts'
import { fileBlob, windowed } from '../support/source.ts'

const engine = createEngine(builtinRules().rules)

function linesOf(candidates: readonly Candidate[]): readonly number[] {
  return candidates.map(({ parts }) => parts[0].span.line).sort((a, b) => a - b)
}

function key(path: string, content: string): string {
  return engine.credentialKey(foundIn(path, content)[0]!)
}

function foundIn(path: string, content: string | Buffer, again?: RepoPath): readonly Candidate[] {
  return engine.detector().detect(fileBlob(path, content, again === undefined ? {} : { again }))
}

describe('createEngine', () => {
  test.each([
    ['.env', true],
    ['deep/er/.env.local', true],
    ['prod.env', true],
    ['.env.example', true],
    ['a.txt', false],
    ['env.ts', false],
    ['.env/readme.md', false],
    ['.envs/.production/.django', true],
    ['.dev.vars', true],
    ['mise.toml', true],
    ['home/.zshrc', true],
    ['prod.tfvars', true],
    ['.streamlit/secrets.toml', true],
    ['env.list', true],
  ])('reads %s entry by entry: %s', (path, isEnv) => {
    const secret = password(1)
    const candidates = foundIn(path, `PORT=3000\nDB_PASSWORD=${secret}\n`).filter(
      ({ rule }) => rule.id === 'dotenv-secret',
    )
    expect(candidates.map(({ parts }) => parts[0].secret.reveal())).toEqual(isEnv ? [secret] : [])
  })

  test('reads a blob without a path entry by entry once it has the name of an env file', () => {
    expect(foundIn('', 'SMTP_PASS=bluebird\n')).toEqual([])
    expect(foundIn('', 'SMTP_PASS=bluebird\n', { text: '.env' })).toHaveLength(1)
  })

  test('gives the span of the value itself, in quotes, behind spaces, in UTF-16 and in a later window', () => {
    const secret = password(3)
    for (const line of [
      `DB_PASSWORD=${secret}`,
      `export DB_PASSWORD='${secret}'`,
      `  DB_PASSWORD = "${secret}" # note`,
      `DATABASE_URL=postgres://app:${secret}@db/app`,
      `é=ü\nDB_PASSWORD=${secret}`,
    ]) {
      const bytes = Buffer.from(`# é\n${line}\n`)
      for (const candidate of foundIn('.env', bytes)) {
        const { span, secret: found } = candidate.parts[0]
        expect(bytes.subarray(span.start, span.end).toString()).toBe(found.reveal())
        expect(found.reveal()).toBe(secret)
      }
      expect(foundIn('.env', bytes).length).toBeGreaterThan(0)
    }
    const wide = Buffer.from(`PORT=3000\nDB_PASSWORD=${secret}\n`, 'utf16le')
    const [candidate, ...others] = foundIn('.env', wide)
    expect(others).toEqual([])
    const { span } = candidate!.parts[0]
    expect(wide.subarray(span.start, span.end + 1).toString('utf16le')).toBe(secret)
  })

  test('finds each entry of a large env file once, wherever its windows are cut', () => {
    const lines = Array.from(
      { length: 400 },
      (_, n) => `SERVICE_${n}_PASSWORD=${password(100 + n)}\n${'# remark\n'.repeat(40)}`,
    )
    const blob = fileBlob('.env', lines.join(''))
    const detector = engine.detector()
    const candidates = windowed(blob, 70_000, 60_000).flatMap((window) => detector.detect(window))
    expect(linesOf(candidates)).toEqual(linesOf(engine.detector().detect(blob)))
    expect(candidates.length).toBeGreaterThan(390)
  })

  test('gives equal credentials equal keys, and different ones different keys', () => {
    const [one, other] = [awsPair(11), awsPair(12)]
    const text = ({ id, secret }: typeof one): string =>
      `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`
    expect(key('a', text(one))).toBe(key('b', `\n\n# moved\n${text(one)}`))
    expect(key('a', text(one))).not.toBe(key('a', text(other)))
    expect(key('a', text(one))).not.toBe(key('a', `id: ${one.id}\n`))
  })

  test('suppresses a candidate with an inline marker, and concludes the others', () => {
    const { secret } = awsPair(13)
    const [allowed] = foundIn('a', `aws_secret_access_key = ${secret} # oakum:allow test account\n`)
    expect(engine.suppress(allowed!)).toMatchObject({ by: 'inline' })
    expect(JSON.stringify(engine.toSuppressed(allowed!, engine.suppress(allowed!)!))).not.toContain(
      secret,
    )
    const [kept] = foundIn('a', `aws_secret_access_key = ${secret}\n`)
    expect(engine.suppress(kept!)).toBeUndefined()
    expect(engine.conclude(kept!)).toMatchObject({
      rule: { id: 'aws-access-key' },
      severity: 'high',
      verification: { status: 'not-tried' },
    })
  })
})
