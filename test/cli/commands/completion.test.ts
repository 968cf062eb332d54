import { commandSpecs } from '../../../src/cli/arguments/commands.ts'
import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { run } from '../../../src/cli/process/main.ts'
import { builtinRules } from '../../../src/rules/load.ts'
import { fakeIo } from '../../support/io.ts'
import { fakeScan } from '../results.ts'

async function output(argv: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const io = fakeIo({ argv, env })
  expect(await run(io, fakeScan())).toBe(0)
  return io.out()
}

describe('completions', () => {
  test.each<[string, readonly string[]]>([
    ['', commandSpecs.map(({ name }) => name)],
    ['hook pre-', ['pre-commit', 'pre-merge-commit', 'pre-push', 'pre-receive']],
    ['sta', ['staged']],
    ['--quiet sta', ['staged']],
    ['--fail-on high st', ['staged', 'stdin']],
    ['scan --fo', ['--format', '--force']],
    ['staged --s', ['--strict-coverage', '--show-secrets', '--show-suppressed', '--strict']],
    [
      'history --s',
      [
        '--strict-coverage',
        '--show-secrets',
        '--show-suppressed',
        '--since',
        '--shard',
        '--sts-endpoint',
        '--strict',
      ],
    ],
    [
      'scan --format ',
      ['text', 'json', 'jsonl', 'sarif', 'html', 'markdown', 'csv', 'junit', 'gitlab', 'github'],
    ],
    ['scan --format js', ['json', 'jsonl']],
    ['scan --format = js', ['json', 'jsonl']],
    ['scan --output ', []],
    ['scan --quiet ', []],
    ['scan src', []],
    ['completion ', ['bash', 'zsh', 'fish']],
    ['rules ', ['list', 'show', 'check', 'explain']],
    ['allow ', ['list', 'stale', 'remove']],
    ['rules list ', []],
    ['nonsense ', []],
  ])('after oakum %s', async (words, expected) => {
    const out = await output(['--get-completions', ...words.split(' ')])
    expect(out.split('\n').filter(Boolean)).toEqual(expected)
  })

  test('rules show offers rule ids', async () => {
    const out = await output(['--get-completions', 'rules', 'show', ''])
    expect(out.trimEnd().split('\n')).toEqual(builtinRules().rules.map((rule) => rule.id))
  })

  test('--get-completions is not an option of a scan', async () => {
    const io = fakeIo({ argv: ['scan', '--get-completions'] })
    expect(await run(io, fakeScan())).toBe(2)
  })
})

describe('scripts', () => {
  test.each(['bash', 'zsh', 'fish'])(
    'oakum completion %s prints a script that calls oakum',
    async (shell) => {
      const script = await output(['completion', shell])
      expect(script).toContain(`${shell} completion for oakum`)
      expect(script).toContain('oakum --get-completions')
    },
  )

  test.each([
    ['/bin/bash', 'bash'],
    ['/usr/bin/zsh', 'zsh'],
    ['fish', 'fish'],
  ])('without a name it is the script for SHELL=%s', async (SHELL, shell) => {
    expect(await output(['completion'], { SHELL })).toBe(await output(['completion', shell]))
  })

  test.skipIf(process.platform === 'win32')('bash completes with it', async () => {
    const script = await output(['completion', 'bash'])
    const drive = `oakum() { local IFS=' '; printf '%s\\n' staged stdin "asked:$*"; }; ${script}
      COMP_WORDS=(oakum scan --format st); COMP_CWORD=3; _oakum; echo "\${COMPREPLY[@]}"
      COMP_WORDS=(oakum scan ""); COMP_CWORD=2; _oakum; echo "\${COMPREPLY[@]}"
      COMP_WORDS=(oakum scan --format =); COMP_CWORD=3; _oakum; echo "\${COMPREPLY[@]}"`
    expect(execFileSync('bash', ['-c', drive], { encoding: 'utf8' }).trim().split('\n')).toEqual([
      'staged stdin',
      'staged stdin asked:--get-completions scan ',
      'staged stdin asked:--get-completions scan --format =',
    ])
  })
})
