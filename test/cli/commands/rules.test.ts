import { describe, expect, test } from 'vitest'
import { run } from '../../../src/cli/process/main.ts'
import { builtinRules } from '../../../src/rules/load.ts'
import { fakeIo } from '../../support/io.ts'

async function outcome(words: string) {
  const io = fakeIo({ argv: words.split(' ') })
  return { exitCode: await run(io), out: io.out(), err: io.err() }
}

const { rules } = builtinRules()
const [{ id, provider }] = rules as [(typeof rules)[number]]

describe('rules', () => {
  test('list prints every rule', async () => {
    const { exitCode, out } = await outcome('rules list')
    expect(exitCode).toBe(0)
    expect(rules.filter((rule) => !out.includes(rule.id))).toEqual([])
  })

  test('list takes --rules', async () => {
    const { out } = await outcome(`rules list --rules ${provider} --format json`)
    expect(
      rules.filter((rule) => out.includes(`"${rule.id}"`) !== (rule.provider === provider)),
    ).toEqual([])
  })

  test('list prints JSON with --format json', async () => {
    expect(JSON.parse((await outcome('rules list --format json')).out)).toBeTypeOf('object')
  })

  test('show prints one rule, as text and as JSON', async () => {
    expect((await outcome(`rules show ${id}`)).out).toContain(id)
    expect(
      JSON.stringify(JSON.parse((await outcome(`rules show ${id} --format json`)).out)),
    ).toContain(id)
  })

  test('show suggests the nearest id for an unknown one', async () => {
    expect(await outcome(`rules show ${id}x`)).toEqual({
      exitCode: 2,
      out: '',
      err: `oakum: there is no rule ${id}x; did you mean ${id}?\n`,
    })
  })
})
