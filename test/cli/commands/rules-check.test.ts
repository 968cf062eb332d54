import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { oakumHere } from '../../support/in-process.ts'
import { temporaryFolder } from '../../support/repo.ts'

const good = `provider: acme
rules:
  - id: acme-token
    description: Acme token
    severity: high
    keywords: [acme_]
    pattern: '(?<![A-Za-z0-9])(?<secret>acme_[a-z0-9]{32})(?![A-Za-z0-9])'
    entropy: 3
    examples: ['key: <<acme_{alnum:32}>>', 'x=<<acme_{alnum:32}>>;']
    counterExamples: ['acme_{alnum:31}', 'acme_{x:32}']
`

async function check(text: string, ...argv: string[]) {
  const cwd = temporaryFolder()
  writeFileSync(join(cwd, 'own.yaml'), text)
  const { code, stdout, stderr } = await oakumHere(
    ['rules', 'check', ...(argv.length > 0 ? argv : ['own.yaml'])],
    { cwd },
  )
  return { code, stdout, stderr }
}

describe('oakum rules check', () => {
  test('reports the examples of a valid rule', async () => {
    expect(await check(good)).toEqual({
      code: 0,
      stdout: 'own.yaml:3: acme-token: good, 2 examples and 2 counter-examples\n',
      stderr: '',
    })
  })

  test('proves a rule whose values are judged as entries', async () => {
    const judged = good.replace(/^ {4}pattern.*\n {4}entropy.*\n/m, '    entry: names\n')
    const text = judged
      .replace('[acme_]', '[acme_token]')
      .replace(
        /examples: .*/,
        "examples: ['acme_token=<<{base62:14}7{base62:14}>>', 'acme_token: <<{base62:14}7{base62:14}>>']",
      )
      .replace(
        /counterExamples: .*/,
        "counterExamples: ['acme_token_url={base62:30}', 'acme_token = read()']",
      )
    const line = 'own.yaml:3: acme-token: good, 2 examples and 2 counter-examples\n'
    expect(await check(text)).toEqual({ code: 0, stdout: line, stderr: '' })
    expect((await check(text.replace('_url=', '='))).stderr).toContain(
      'counterExamples[0]: is found',
    )
  })

  test('warns about a rule without examples', async () => {
    const text = good.replace(/^ {4}(?:counterE|e)xamples.*\n/gm, '')
    expect(await check(text)).toEqual({
      code: 0,
      stdout:
        'own.yaml:3: acme-token: valid, but without examples nothing shows that it finds anything\n',
      stderr: '',
    })
  })

  test.each([
    [
      'an example that is not found',
      good.replace('<<acme_{alnum:32}>>;', '<<acme_{alnum:31}>>;'),
      'own.yaml:3: acme-token: examples[1]: is not found (value 1 of 40)',
    ],
    [
      'a mark at the wrong place',
      good.replace('key: <<acme_{alnum:32}>>', '<<key: acme_{alnum:32}>>'),
      'own.yaml:3: acme-token: examples[0]: is found at another position than the marked one (value 1 of 40)',
    ],
    [
      'an example without the keyword',
      good.replace('[acme_]', '[acme-token]'),
      'own.yaml:3: acme-token: examples[0]: contains none of the keywords, so the pattern is never tried',
    ],
    [
      'a window that is too small',
      good.replace('entropy: 3', 'window: 16'),
      'own.yaml:3: acme-token: examples[0]: is not found: the window is too small (value 1 of 40)',
    ],
    [
      'a counter-example that is found',
      good.replace('{alnum:31}', '{alnum:32}'),
      'own.yaml:3: acme-token: counterExamples[0]: is found (value 1 of 40)',
    ],
    [
      'a pattern that takes for ever after all',
      good
        .replace('[a-z0-9]{32})(?!', '(?:[a-z0-9]{8}|[a-f0-9]|a|b|ab|aa){1,300}!)(?!')
        .replace(/^ {4}(?:counterE|e)xamples.*\n/gm, ''),
      'own.yaml:3: acme-token: pattern: acme-token: the pattern takes more than three seconds on a text of 261 characters: make it simpler',
    ],
    [
      'a form that is wrong',
      good.replace('severity: high', 'severity: hihg'),
      'own.yaml:5:5: acme-token: severity: expected one of low, medium, high, critical',
    ],
  ])('refuses %s', async (_, text, says) => {
    expect(await check(text)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(`oakum: ${says}\n`),
    })
  })

  test('checks the files of the configuration without arguments', async () => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'oakum.yaml'), 'version: 1\npatterns: [own.yaml]\n')
    writeFileSync(join(cwd, 'own.yaml'), good)
    expect((await oakumHere(['rules', 'check'], { cwd })).stdout).toMatch(
      /^own\.yaml:3: acme-token: good/,
    )
    expect(await check(good, 'nowhere.yaml')).toMatchObject({
      code: 2,
      stderr: 'oakum: nowhere.yaml: pattern file does not exist\n',
    })
    expect((await oakumHere(['rules', 'check'], { cwd: temporaryFolder() })).stderr).toBe(
      'oakum: rules check needs pattern files: oakum.yaml names none, so name some\n',
    )
  })
})
