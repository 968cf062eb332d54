import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { applyAll } from '../../../src/setup/install/changes.ts'
import type { HookName } from '../../../src/setup/install/hook-names.ts'
import { chooseManager, managers } from '../../../src/setup/install/managers/choose.ts'
import type { InstallTarget } from '../../../src/setup/install/managers/install-target.ts'
import { bytesIn } from '../../support/hooked.ts'
import { temporaryFolder } from '../../support/repo.ts'

const hooks: readonly HookName[] = ['pre-commit', 'pre-merge-commit', 'commit-msg', 'pre-push']

function targetWith(files: Readonly<Record<string, string>>, command = 'oakum'): InstallTarget {
  const top = temporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(top, name)), { recursive: true })
    writeFileSync(join(top, name), text)
  }
  return {
    top,
    hooks: { path: join(top, '.git/hooks'), setBy: undefined, isShared: false },
    command,
  }
}

function managerNamed(name: string) {
  const manager = managers.find((candidate) => candidate.name === name)
  if (manager === undefined) throw new Error(`no ${name}`)
  return manager
}

/** Installs twice and uninstalls; returns the text of the file with Oakum in it. */
async function installAndRemove(name: string, file: string, text: string): Promise<string> {
  const target = targetWith({ [file]: text })
  const before = bytesIn(target.top)
  await applyAll(managerNamed(name).install(target, hooks))
  const result = bytesIn(target.top)
  expect(managerNamed(name).install(target, hooks), 'the second time changes nothing').toEqual([])
  await applyAll(managerNamed(name).remove(target))
  expect(bytesIn(target.top)).toEqual(before)
  return result[file]?.slice('644 '.length) ?? ''
}

describe('lefthook', () => {
  test.each([
    '',
    '\n',
    '# only a remark\n',
    'output: false',
    'pre-commit:\n  commands:\n    own:\n      run: x\n',
    'pre-commit:\n  jobs:\n  - run: x # y\n\n# behind\npre-push:\n  parallel: true\n',
    'pre-commit:\n    jobs:\n        - name: a\n          run: |\n            one\n            two\n',
    'pre-push:\r\n  commands:\r\n    own:\r\n      run: x\r\n',
    'commit-msg:\n  scripts:\n    "a.sh": {runner: sh}',
    'a: &a\n  run: x\npre-commit:\n  commands:\n    own: *a\n',
  ])('%j gets a command for each hook, and is restored to the byte', async (text) => {
    const result = await installAndRemove('lefthook', 'lefthook.yml', text)
    const data = parse(result) as Record<
      string,
      { commands?: Record<string, object>; jobs?: { name?: string; run: string }[] }
    >
    for (const hook of hooks) {
      const found =
        data[hook]?.commands?.['oakum'] ?? data[hook]?.jobs?.find((job) => job.name === 'oakum')
      expect(found).toMatchObject({
        run: expect.stringContaining(`oakum hook ${hook}`),
        ...(hook === 'pre-push' && { use_stdin: true }),
      })
    }
    for (const { commands, jobs } of Object.values(data)) {
      delete commands?.['oakum']
      jobs?.splice(
        jobs.findIndex((job) => job.name === 'oakum'),
        jobs.some((job) => job.name === 'oakum') ? 1 : 0,
      )
    }
    expect(data).toMatchObject((parse(text) ?? {}) as object)
  })

  test.each([
    ['pre-commit: {commands: {}}\n', 'written in a form'],
    ['pre-commit:\n  - x\n   - y: [\n', 'lefthook.yml:'],
    ['pre-commit:\n', 'written in a form'],
  ])('%j is left alone', (text, message) => {
    expect(() =>
      managerNamed('lefthook').install(targetWith({ 'lefthook.yml': text }), hooks),
    ).toThrow(message)
  })

  test('a file that is not YAML is left alone, and the message has the line to add', () => {
    expect(() =>
      managerNamed('lefthook').install(targetWith({ 'lefthook.toml': '' }), hooks),
    ).toThrow(/is not YAML.*oakum hook pre-commit/)
  })
})

test('git’s arguments are quoted, since lefthook inserts them into the command unchanged', () => {
  const [change] = managerNamed('lefthook').install(targetWith({ 'lefthook.yml': '' }), [
    'pre-push',
    'commit-msg',
  ])
  expect(String(change?.after?.bytes)).toMatch(
    /hook pre-push '\{1\}' '\{2\}'\n[^]*hook commit-msg '\{1\}'\n/,
  )
})

test('a folder that is a link is not followed', () => {
  const target = targetWith({
    'package.json': '{"devDependencies": {"husky": "9"}}',
    'elsewhere/x': '',
  })
  symlinkSync('elsewhere', join(target.top, '.husky'))
  expect(() => managerNamed('husky').install(target, hooks)).toThrow('is a symbolic link')
})

describe('pre-commit', () => {
  test.each([
    '',
    'repos:\n- repo: local\n  hooks: []\n',
    'repos:\n  - repo: a\n    rev: b # c\n    hooks:\n      - id: d\n\n\n# end',
    'fail_fast: true\nrepos:\n  # one\n  - {repo: local, hooks: []}\nexclude: x\n',
    'repos:\r\n- repo: local\r\n  hooks: []',
  ])('%j gets hooks, and is restored to the byte', async (text) => {
    const { repos, ...rest } = parse(
      await installAndRemove('pre-commit', '.pre-commit-config.yaml', text),
    ) as { repos: readonly { hooks: readonly object[] }[] }
    const { repos: own, ...others } = (parse(text) ?? {}) as { repos?: readonly object[] }
    expect(repos.slice(0, -1)).toEqual(own ?? [])
    expect(rest).toEqual(others)
    expect(repos.at(-1)?.hooks).toMatchObject([
      { id: 'oakum', entry: 'oakum hook pre-commit', pass_filenames: false },
      { id: 'oakum-push', entry: 'oakum hook pre-push', pass_filenames: false, stages: ['push'] },
      { id: 'oakum-message', entry: 'oakum hook commit-msg', stages: ['commit-msg'] },
    ])
  })

  test.each(['repos: []\n', 'repos: x\n', 'repos: [{repo: local}]\n'])(
    '%j is left alone',
    (text) => {
      expect(() =>
        managerNamed('pre-commit').install(targetWith({ '.pre-commit-config.yaml': text }), hooks),
      ).toThrow('repos is not a list')
    },
  )
})

describe('simple-git-hooks', () => {
  test.each([
    '{"simple-git-hooks": {}}',
    '{"simple-git-hooks":{"pre-commit":"a; b"}}',
    '{\n\t"name": "x",\n\t"simple-git-hooks": {\n\t\t"pre-commit": "a || b",\n\t\t"pre-push": "say \\"x\\" $1"\n\t},\n\t"x": 1\n}\n',
    '{\r\n  "simple-git-hooks": {\r\n    "commit-msg": "x"\r\n  }\r\n}',
  ])('%j gets its commands, and is restored to the byte', async (text) => {
    const result = JSON.parse(await installAndRemove('simple-git-hooks', 'package.json', text)) as {
      'simple-git-hooks': Record<string, string>
    }
    const own = JSON.parse(text) as typeof result
    for (const hook of hooks) {
      expect(result['simple-git-hooks'][hook]).toContain(`oakum hook ${hook} "$@"`)
      expect(result['simple-git-hooks'][hook]).toContain(own['simple-git-hooks'][hook] ?? '')
    }
    expect({ ...result, 'simple-git-hooks': undefined }).toEqual({
      ...own,
      'simple-git-hooks': undefined,
    })
  })

  test.each([
    [{ 'package.json': '{"simple-git-hooks": {"pre-commit": "a # b"}}' }, 'is no single command'],
    [{ 'package.json': '{"simple-git-hooks": {"pre-commit": "a &"}}' }, 'is no single command'],
    [
      { 'package.json': String.raw`{"simple-git-hooks": {"pre-commit": "\u0061"}}` },
      'is no single command',
    ],
    [{ 'package.json': '{"simple-git-hooks": {"pre-commit": 1}}' }, 'is no single command'],
    [{ 'simple-git-hooks.cjs': 'module.exports = {}' }, 'is a program, which is not edited'],
  ])('%j is left alone', (files, message) => {
    expect(() => managerNamed('simple-git-hooks').install(targetWith(files), hooks)).toThrow(
      message,
    )
  })
})

/** Returns husky's new pre-commit file for a command. */
function huskyScript(command: string): string {
  return String(
    managerNamed('husky').install(targetWith({}, command), ['pre-commit'])[0]?.after?.bytes,
  )
}

describe('husky', () => {
  test.each<readonly [string, RegExp]>([
    ['npm test', /^npm test\n# >>> oakum/],
    ['npm test\n', /^npm test\n# >>> oakum/],
    ['#!/bin/sh\n. x\nexec y\n', /^#!\/bin\/sh\n# >>> oakum[^]*\nexec y\n$/],
    ['[ -f x ] || exit 0\nz\n', /^# >>> oakum/],
    ['npm test || exit 1\n', /exit 1\n# >>> oakum/],
  ])('%j keeps its lines, and is restored to the byte', async (text, form) => {
    expect(await installAndRemove('husky', '.husky/pre-commit', text)).toMatch(form)
    expect(await installAndRemove('husky', '.husky/pre-push', text)).toMatch(
      /oakum_input=\$\(cat\)/,
    )
  })

  test('starts a package of the work tree by name, and one below by its path', () => {
    expect(huskyScript('./node_modules/.bin/oakum')).toContain('|| oakum hook pre-commit')
    expect(huskyScript('./web/node_modules/.bin/oakum')).toContain(
      '|| ./web/node_modules/.bin/oakum hook pre-commit',
    )
  })
})

test('no manager, one manager, or an error for several managers in use', () => {
  expect(
    chooseManager('auto', targetWith({ 'package.json': '{"devDependencies": {"husky": "9"}}' })),
  ).toBeUndefined()
  expect(
    chooseManager(
      'auto',
      targetWith({
        'package.json': '{"devDependencies": {"husky": "9"}}',
        '.husky/pre-commit': '',
      }),
    )?.name,
  ).toBe('husky')
  const two = targetWith({ 'lefthook.yml': '', '.pre-commit-config.yaml': '' })
  expect(() => chooseManager('auto', two)).toThrow(
    'more than one manager of hooks is in use here (lefthook, pre-commit)',
  )
  expect(chooseManager('lefthook', two)?.name).toBe('lefthook')
  expect(chooseManager('git', two)).toBeUndefined()
})
