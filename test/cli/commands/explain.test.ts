import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { run } from '../../../src/cli/process/main.ts'
import { tarOf, zipOf } from '../../support/archives.ts'
import {
  asiaTriple,
  awsPair,
  awsPairWithoutSlash,
  githubToken,
  password,
} from '../../support/credentials.ts'
import { fakeIo } from '../../support/io.ts'
import { temporaryFolder } from '../../support/repo.ts'

interface Part {
  role: string
  redacted: string
  span: { start: number; end: number; line: number; column: number }
  found: string
  anchor: { keyword: string; distance: number; offset?: number } | null
}
interface Candidate {
  rule: string
  path: string | null
  member?: string
  parts: readonly Part[]
  joined: readonly string[]
  finding: boolean
  severity: string
  suppression: { by: string; reason: string } | null
}

async function explained(
  argv: readonly string[],
  { stdin, cwd = '/' }: { stdin?: string | Buffer; cwd?: string } = {},
) {
  const io = fakeIo({
    argv: ['rules', 'explain', ...argv],
    cwd,
    ...(stdin !== undefined && { stdin: [Buffer.from(stdin)] }),
  })
  const exitCode = await run(io)
  return { exitCode, out: io.out(), err: io.err() }
}

async function candidatesIn(stdin: string | Buffer): Promise<readonly Candidate[]> {
  const { out, exitCode } = await explained(['-', '--format', 'json'], { stdin })
  expect(exitCode).toBe(0)
  return (JSON.parse(out) as { candidates: readonly Candidate[] }).candidates
}

describe('rules explain', () => {
  test('lists the keyword and place of each part, and what joined them', async () => {
    const { id, secret } = awsPair(71)
    const text = `# deploy\nAWS_ACCESS_KEY_ID=${id}\nAWS_SECRET_ACCESS_KEY=${secret}\n`
    const [candidate, ...others] = await candidatesIn(text)
    expect(others).toEqual([])
    expect(candidate).toMatchObject({
      rule: 'aws-access-key',
      path: null,
      finding: true,
      severity: 'high',
      suppression: null,
    })
    const parts = candidate?.parts ?? []
    expect(parts.map(({ role }) => role).toSorted()).toEqual(['id', 'secret'])
    for (const { role, span, anchor } of parts) {
      expect(text.slice(span.start, span.end)).toBe(role === 'id' ? id : secret)
      const { keyword = '', distance = 0, offset = 0 } = anchor ?? {}
      expect(text.slice(offset, offset + keyword.length).toLowerCase()).toBe(keyword.toLowerCase())
      expect(offset).toBe(span.start + distance)
    }
    expect(candidate?.joined.join()).toMatch(/bytes apart/)
  })

  test('counts in bytes of the file, also after multi-byte characters and in UTF-16', async () => {
    const { id } = awsPair(72)
    const text = `clé = "é${id}"\n`
    const bytes = Buffer.from(text)
    const [plain] = await candidatesIn(bytes)
    expect(
      bytes.toString('latin1', plain?.parts[0]?.anchor?.offset, plain?.parts[0]?.span.end),
    ).toBe(id)
    const wide = Buffer.from(`\ufeffkey: ${id}\r\n`, 'utf16le')
    const [utf16] = await candidatesIn(wide)
    expect(utf16?.parts[0]?.anchor).toMatchObject({
      distance: 0,
      offset: wide.indexOf(Buffer.from(id, 'utf16le')),
    })
    expect(utf16?.parts[0]?.found).toContain('UTF-16')
  })

  test('says why a candidate is not a finding', async () => {
    const { secret } = awsPair(73)
    const example = ['AKIA', 'IOSFODNN7', 'EXAMPLE'].join('')
    const allowed = githubToken(74)
    const candidates = await candidatesIn(
      `id = ${example}\nsecret = ${secret}\ntoken = ${allowed} # oakum:allow it is a fixture\n`,
    )
    expect(
      candidates
        .filter(({ finding }) => !finding)
        .map(({ suppression }) => suppression?.by)
        .toSorted(),
    ).toEqual(['inline', 'placeholder'])
    for (const { suppression } of candidates)
      if (suppression !== null) expect(suppression.reason).not.toBe('')
  })

  test('opens archives, and recognizes env files by name', async () => {
    const folder = temporaryFolder()
    const value = password(75)
    const env = Buffer.from(`SMTP_PASSWORD=${value}\nPORT=3000\nADMIN_PASSWORD=changeme\n`)
    mkdirSync(join(folder, 'd'))
    writeFileSync(
      join(folder, 'd/x.tgz'),
      gzipSync(tarOf([{ name: 'in.zip', data: zipOf([{ name: 'app/.env', data: env }]) }])),
    )
    const { out, exitCode } = await explained(['d/x.tgz'], { cwd: folder })
    expect(exitCode).toBe(0)
    expect(out).toContain('d/x.tgz > x.tar/in.zip/app/.env:1:15  dotenv-secret')
    expect(out).toContain('verdict   a finding, medium')
    expect(out).toMatch(/verdict {3}not a finding, by placeholder: /)
    expect(out).not.toContain(value)
  })

  test('never shows a secret, wherever else it occurs', async () => {
    const folder = temporaryFolder()
    const pair = awsPairWithoutSlash(76)
    const { id, secret, token } = asiaTriple(77)
    writeFileSync(
      join(folder, pair.secret),
      `key = ${pair.id}\nsecret = ${pair.secret}\n${pair.id} ${pair.secret} # gitleaks:allow ${pair.secret}\n{"AccessKeyId":"${id}","SecretAccessKey":"${secret}","SessionToken":"${token}"}\n`,
    )
    for (const format of ['text', 'json']) {
      const { out, exitCode } = await explained([pair.secret, '--format', format], { cwd: folder })
      expect(exitCode).toBe(0)
      expect(out).toContain('aws-access-key')
      for (const text of [pair.secret, secret, token])
        for (let at = 0; at + 16 <= Math.min(text.length, 200); at += 1)
          expect(
            out.includes(
              text.slice(at + (text === token ? 24 : 0), at + 16 + (text === token ? 24 : 0)),
            ),
          ).toBe(false)
    }
  })

  test('escapes control characters of the file', async () => {
    const { out } = await explained(['-'], {
      stdin: zipOf([
        { name: '\u001b[2J\u202e.env', data: Buffer.from(`A_PASSWORD=${password(78)}\n`) },
      ]),
    })
    expect(out).toContain('dotenv-secret')
    expect(out).not.toMatch(/[\u001b\u202e]/)
  })

  test('says when there are no candidates, and what was skipped', async () => {
    expect((await explained(['-'], { stdin: 'hello\n' })).out).toMatch(/^No candidates/)
    const { out, exitCode } = await explained(['-'], {
      stdin: zipOf([{ name: 'a', data: Buffer.from('a'), flags: 1 }]),
    })
    expect(out).toContain('skipped  encrypted archive: standard input > a')
    expect(exitCode).toBe(0)
  })

  test.each([
    [[], 'rules explain needs a file, or - for standard input'],
    [['nowhere.txt'], 'nowhere.txt does not exist'],
    [['-', '--rules', 'nope'], 'nope'],
  ])('refuses %j in one line', async (argv, message) => {
    const { exitCode, out, err } = await explained(argv, { stdin: '' })
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' })
    expect(err).toContain(message)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
  })
})
