import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { describeFailure } from '../../src/cli/support/failure.ts'
import { bin } from '../support/oakum.ts'
import { isolatedEnv, Repo } from '../support/repo.ts'

function textOf(error: unknown): string {
  return describeFailure(error, { verbose: false }).text
}

describe('a failure', () => {
  test('for want of files, processes and memory is no bug', () => {
    for (const [code, said] of [
      ['EMFILE', 'ulimit -n'],
      ['EAGAIN', 'ulimit -u'],
      ['ENOMEM', 'too little memory'],
      ['ERR_WORKER_INIT_FAILED', '--jobs 1'],
    ] as const)
      expect(textOf(Object.assign(new Error('spawn git'), { code }))).toContain(said)
    for (const message of [
      'Array buffer allocation failed',
      'WebAssembly.Memory(): could not allocate memory',
      'WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance',
    ])
      expect(textOf(new RangeError(message))).toContain('too little memory')
    for (const error of [new Error('out of memory'), new RangeError('Invalid array length')])
      expect(textOf(error)).toContain('this is a bug in oakum')
  })

  test.runIf(process.platform === 'linux')('is foreseen with few files and little memory', () => {
    const repo = Repo.create()
    repo.commit('Start', { 'a.txt': 'text' })
    writeFileSync(join(repo.path, 'b.txt'), 'text')
    const scan = (limit: string): readonly [code: number | null, said: string] => {
      const { status, stdout, stderr } = spawnSync(
        'sh',
        ['-c', `ulimit ${limit}; exec "$@"`, 'sh', process.execPath, bin, 'scan'],
        { cwd: repo.path, env: isolatedEnv, encoding: 'utf8' },
      )
      return [status, stdout + stderr]
    }
    // Node itself needs about 20 files.
    const [code, said] = scan('-n 24')
    expect(code).toBe(3)
    expect(said).toMatch(/^(?:oakum: .*too many open files.*\n)+$/)
    // V8 reserves 10 GB of addresses for the memory of WebAssembly.
    expect(scan('-v 6000000')).toEqual([0, expect.stringContaining('No secrets found.')])
  })
})
