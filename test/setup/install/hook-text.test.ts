import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hookNames } from '../../../src/setup/install/hook-names.ts'
import {
  type EarlierHook,
  hookFile,
  forwardingHookFile,
} from '../../../src/setup/install/hook-text.ts'
import { projectRoot } from '../../support/oakum.ts'
import { temporaryFolder } from '../../support/repo.ts'

const shells = [
  ['sh', []],
  ['bash', ['--posix']],
  ['busybox', ['sh']],
] as const
const has = (program: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
const system = '/usr/bin:/bin'

/** Creates a folder for fake programs, which print how they were started. */
function createStage() {
  const folder = temporaryFolder()
  const program = (path: string, name: string): string => {
    const file = join(folder, path)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, `#!/bin/sh\necho "${name} $*"; cat\n`)
    chmodSync(file, 0o755)
    return file
  }
  return { folder, program, bin: program("it's here/bin.js", 'never run') }
}

function run(
  text: string,
  {
    folder,
    shell = 'sh',
    args = [],
    env = {},
    input = '',
    name = 'hook',
  }: {
    readonly folder: string
    readonly shell?: string
    readonly args?: readonly string[]
    readonly env?: Readonly<Record<string, string>>
    readonly input?: string
    readonly name?: string
  },
) {
  const path = join(folder, name)
  writeFileSync(path, text)
  chmodSync(path, 0o755)
  const { status, stdout, stderr } = spawnSync(shell, [...args, path, 'one', 'two words'], {
    cwd: folder,
    env: { PATH: `${folder}:${system}`, ...env },
    input,
    encoding: 'utf8',
  })
  return { code: status, out: stdout, err: stderr }
}

const request = {
  hook: 'pre-commit',
  origin: 'made',
  root: projectRoot,
  node: '',
  bin: '',
  earlierHook: 'none',
} as const

describe('a hook', () => {
  test
    .skipIf(!has('shellcheck'))
    .each(
      hookNames.flatMap((hook) =>
        (['none', 'same-file', 'backup', 'repository'] as const).map(
          (earlier): [string, EarlierHook] => [hook, earlier],
        ),
      ),
    )('%s is clean to shellcheck, with earlier hook: %s', (hook, earlier) => {
    const name = hookNames.find((candidate) => candidate === hook) ?? 'pre-commit'
    const text = hookFile({
      ...request,
      hook: name,
      earlierHook: earlier,
      node: '/a node',
      bin: "/it's",
    })
    expect(
      spawnSync('shellcheck', ['-s', 'sh', '-'], { input: text, encoding: 'utf8' }).stdout,
    ).toBe('')
  })

  test.each(hookNames)(
    '%s in hooks/ works without installation, and passes its own name',
    (hook) => {
      const text = readFileSync(join(projectRoot, 'hooks', hook), 'utf8')
      const { folder, program } = createStage()
      program('oakum', 'oakum')
      expect(run(text, { folder, input: 'line\n' })).toEqual({
        code: 0,
        out: `oakum hook ${hook} one two words\nline\n`,
        err: '',
      })
    },
  )

  for (const [shell, args] of shells)
    describe.skipIf(!has(shell))(`in ${shell}`, () => {
      test('runs the recorded program with the recorded node', () => {
        const { folder, program, bin } = createStage()
        const node = program("no'de", 'node')
        const outcome = run(hookFile({ ...request, node, bin }), { folder, shell, args })
        expect(outcome).toEqual({
          code: 0,
          out: `node ${bin} hook pre-commit one two words\n`,
          err: '',
        })
      })

      test('runs it with the node on PATH when the recorded one is missing', () => {
        const { folder, program, bin } = createStage()
        program('node', 'node of PATH')
        expect(
          run(hookFile({ ...request, node: '/gone/node', bin }), { folder, shell, args }).out,
        ).toBe(`node of PATH ${bin} hook pre-commit one two words\n`)
      })

      test('runs the oakum on PATH when the recorded program is missing', () => {
        const { folder, program } = createStage()
        program('oakum', 'oakum of PATH')
        expect(
          run(hookFile({ ...request, node: '/gone/node', bin: '/gone/bin.js' }), {
            folder,
            shell,
            args,
          }).out,
        ).toBe('oakum of PATH hook pre-commit one two words\n')
      })

      test('never runs a package of the repository', () => {
        const { folder, program } = createStage()
        program('node_modules/.bin/oakum', 'a stranger')
        for (const PATH of [
          `${folder}/node_modules/.bin:${system}`,
          `node_modules/.bin:${system}`,
          `./node_modules/.bin:${system}`,
        ]) {
          const { code, out, err } = run(hookFile(request), { folder, shell, args, env: { PATH } })
          expect({ code, out }).toEqual({ code: 1, out: '' })
          expect(err).toContain('oakum: not found, so this commit cannot be scanned and is stopped')
        }
      })

      test('fails without Oakum, and passes only with OAKUM_OPTIONAL=1', () => {
        const { folder } = createStage()
        const text = hookFile({ ...request, node: '/gone/node', bin: '/gone/bin.js' })
        expect(run(text, { folder, shell, args })).toMatchObject({
          code: 1,
          err: expect.stringContaining('/gone/bin.js'),
        })
        expect(run(text, { folder, shell, args, env: { OAKUM_OPTIONAL: '0' } }).code).toBe(1)
        expect(run(text, { folder, shell, args, env: { OAKUM_OPTIONAL: '1' } })).toMatchObject({
          code: 0,
          err: expect.stringContaining('not scanned'),
        })
      })

      test.each(['same-file', 'backup'] as const)(
        'runs the earlier hook (%s) first, gives both all lines of input, and stops when it fails',
        (earlier) => {
          for (const input of ['a b\nc d\n', '', "x' $y `z`\n"]) {
            const { folder, program } = createStage()
            program('oakum', 'oakum')
            const first = 'echo "first $*"; cat; [ ! -f fail ] || exit 7; exit 0\n'
            program('hook.oakum-kept', 'unused')
            writeFileSync(join(folder, 'hook.oakum-kept'), `#!/bin/sh\n${first}`)
            const text =
              hookFile({ ...request, hook: 'pre-push', earlierHook: earlier }) +
              (earlier === 'same-file' ? first : '')
            expect(run(text, { folder, shell, args, input })).toEqual({
              code: 0,
              out: `first one two words\n${input}oakum hook pre-push one two words\n${input}`,
              err: '',
            })
            writeFileSync(join(folder, 'fail'), '')
            expect(run(text, { folder, shell, args, input })).toEqual({
              code: 7,
              out: `first one two words\n${input}`,
              err: '',
            })
          }
        },
      )

      test('ignores an inherited OAKUM_WITHIN', () => {
        const { folder, program } = createStage()
        program('oakum', 'oakum')
        for (const OAKUM_WITHIN of ['pre-commit', '1', String(process.pid + 1)]) {
          const { out } = run(
            `${hookFile({ ...request, earlierHook: 'same-file' })}echo "first \${OAKUM_WITHIN-gone}"\n`,
            { folder, shell, args, env: { OAKUM_WITHIN } },
          )
          expect(out).toBe('first gone\noakum hook pre-commit one two words\n')
        }
      })

      test('runs the repository’s own hook first in a global hook, wherever it is', () => {
        const { folder, program } = createStage()
        program('oakum', 'oakum')
        program('main/hooks/pre-commit', 'own')
        mkdirSync(join(folder, 'main/worktrees/tree'), { recursive: true })
        writeFileSync(join(folder, 'main/worktrees/tree/commondir'), '../..\n')
        const text = hookFile({ ...request, earlierHook: 'repository' })
        for (const GIT_DIR of ['main', 'main/worktrees/tree', join(folder, 'main')]) {
          expect(run(text, { folder, shell, args, env: { GIT_DIR } }).out).toBe(
            'own one two words\noakum hook pre-commit one two words\n',
          )
        }
        expect(run(text, { folder, shell, args, env: { GIT_DIR: 'main/hooks' } }).out).toBe(
          'oakum hook pre-commit one two words\n',
        )
        program('main/hooks/post-commit', 'own')
        expect(
          run(forwardingHookFile('post-commit', projectRoot), {
            folder,
            shell,
            args,
            env: { GIT_DIR: 'main' },
          }),
        ).toEqual({ code: 0, out: 'own one two words\n', err: '' })
        expect(
          run(forwardingHookFile('post-merge', projectRoot), {
            folder,
            shell,
            args,
            env: { GIT_DIR: 'main' },
          }),
        ).toEqual({ code: 0, out: '', err: '' })
      })
    })
})
