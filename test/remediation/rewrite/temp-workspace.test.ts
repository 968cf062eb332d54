import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkTarget, openTempWorkspace } from '../../../src/remediation/rewrite/temp-workspace.ts'
import { UsageError } from '../../../src/model/errors.ts'
import { temporaryFolder } from '../../support/repo.ts'

const { signal } = new AbortController()

describe('checkTarget', () => {
  test('accepts a new path in an existing folder', () => {
    expect(() => checkTarget(join(temporaryFolder(), 'clean.git'), [null])).not.toThrow()
  })

  test('refuses an existing path, a broken link too, and a missing folder', () => {
    const folder = temporaryFolder()
    symlinkSync('/nowhere', join(folder, 'link'))
    expect(() => checkTarget(folder, [])).toThrow(/already exists/)
    expect(() => checkTarget(join(folder, 'link'), [])).toThrow(/already exists/)
    expect(() => checkTarget(join(folder, 'no', 'clean.git'), [])).toThrow(/does not exist/)
  })

  test('refuses a path inside the repository, through a link too', () => {
    const repository = temporaryFolder()
    const link = join(temporaryFolder(), 'link')
    symlinkSync(repository, link)
    for (const path of [repository, link])
      expect(() => checkTarget(join(path, 'clean.git'), [null, repository])).toThrow(
        /inside the repository/,
      )
  })
})

describe('openTempWorkspace', () => {
  test('is private, and gone after clear', () => {
    const parent = temporaryFolder()
    const workspace = openTempWorkspace(join(parent, 'clean.git'), { signal })
    const [name = ''] = readdirSync(parent)
    expect(name).toMatch(/^\.clean\.git\.oakum-rewrite-[0-9a-f]{8}-\d+-[0-9a-f]{12}$/)
    expect(statSync(join(parent, name)).mode & 0o777).toBe(0o700)
    workspace.clear()
    expect(readdirSync(parent)).toEqual([])
  })

  test('moves the finished mirror to the target', () => {
    const parent = temporaryFolder()
    const workspace = openTempWorkspace(join(parent, 'clean.git'), { signal })
    mkdirSync(workspace.mirror)
    workspace.finish()
    expect(readdirSync(parent)).toEqual(['clean.git'])
  })

  test('does not replace a target that appeared meanwhile', () => {
    const parent = temporaryFolder()
    const target = join(parent, 'clean.git')
    const workspace = openTempWorkspace(target, { signal })
    mkdirSync(workspace.mirror)
    mkdirSync(target)
    expect(() => workspace.finish()).toThrow(UsageError)
    workspace.clear()
    expect(readdirSync(target)).toEqual([])
  })

  test('deletes the folder when the process exits', () => {
    const parent = temporaryFolder()
    const atExit: (() => void)[] = []
    openTempWorkspace(join(parent, 'clean.git'), {
      signal,
      onExit: (clear) => void atExit.push(clear),
    })
    for (const clear of atExit) clear()
    expect(readdirSync(parent)).toEqual([])
  })

  test('deletes the folder of a dead process, and refuses beside a running one', () => {
    const parent = temporaryFolder()
    const target = join(parent, 'clean.git')
    const first = openTempWorkspace(target, { signal })
    expect(() => openTempWorkspace(target, { signal })).toThrow(/another oakum rewrite/)
    const [name = ''] = readdirSync(parent)
    first.clear()
    // Process ids end at 2^22 on Linux.
    const dead = name.replace(/-\d+-(?=[0-9a-f]{12}$)/, '-4194305-')
    mkdirSync(join(parent, dead))
    const second = openTempWorkspace(target, { signal })
    expect(existsSync(join(parent, dead))).toBe(false)
    second.clear()
  })
})
