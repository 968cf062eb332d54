/** A terminal that a program believes in: keys in, screens out. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { bin } from './oakum.ts'
import { isolatedEnv, temporaryFolder } from './repo.ts'

/** Is there a tmux? */
export const hasTmux = spawnSync('tmux', ['-V']).status === 0

interface Wish {
  readonly cwd: string
  readonly columns?: number
  readonly rows?: number
  readonly env?: Readonly<Record<string, string>>
}

const sockets: string[] = []
/** Ends the terminals that the tests of a file opened. Called by `setup.ts`. */
export function closeTerminals(): void {
  for (const socket of sockets.splice(0)) spawnSync('tmux', ['-S', socket, 'kill-server'])
}

/** A shell on a terminal of its own. */
export class Tmux {
  readonly #socket: string

  constructor({ cwd, columns = 120, rows = 40, env = {} }: Wish) {
    this.#socket = join(temporaryFolder(), 'tmux')
    sockets.push(this.#socket)
    const variables = Object.entries({
      ...isolatedEnv,
      TERM: 'xterm-256color',
      PS1: '$ ',
      OAKUM: `${process.execPath} ${bin}`,
      ...env,
    })
    this.#tmux([
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      '-x',
      String(columns),
      '-y',
      String(rows),
      '-c',
      cwd,
      '-s',
      'a',
      'env',
      '-i',
      ...variables.map(([name, value]) => `${name}=${value}`),
      'bash',
      '--norc',
      '--noprofile',
    ])
  }

  /** What is on the screen, without spaces at the ends of lines. */
  get screen(): string {
    return this.#tmux(['capture-pane', '-p', '-t', 'a'])
  }

  /** Is the other screen on, that programs draw on? */
  get isAlternate(): boolean {
    return this.#tmux(['display', '-p', '-t', 'a', '#{alternate_on}']).trim() === '1'
  }

  /** Keys by tmux's names, one after the other. */
  press(...keys: readonly string[]): this {
    for (const key of keys) this.#tmux(['send-keys', '-t', 'a', key])
    return this
  }

  /** Text, all at once. */
  type(text: string): this {
    this.#tmux(['send-keys', '-t', 'a', '-l', text])
    return this
  }

  /** Pastes as a terminal does that marks what is pasted. */
  paste(text: string): this {
    this.#tmux(['set-buffer', text])
    this.#tmux(['paste-buffer', '-p', '-t', 'a'])
    return this
  }

  run(command: string): this {
    return this.type(command).press('Enter')
  }

  resize(columns: number, rows: number): this {
    this.#tmux(['resize-window', '-t', 'a', '-x', String(columns), '-y', String(rows)])
    return this
  }

  /** The screen, once it is as expected. */
  async until(isThere: RegExp | ((screen: string) => boolean), seconds = 20): Promise<string> {
    let { screen } = this
    for (const end = Date.now() + seconds * 1000; Date.now() < end; screen = this.screen) {
      if (typeof isThere === 'function' ? isThere(screen) : isThere.test(screen)) return screen
      await wait(60)
    }
    throw new Error(`never came: ${String(isThere)}\n${screen}`)
  }

  /** The process that runs in front. */
  get pid(): number {
    const shell = this.#tmux(['display', '-p', '-t', 'a', '#{pane_pid}']).trim()
    return Number(
      spawnSync('ps', ['--ppid', shell, '-o', 'pid='], { encoding: 'utf8' })
        .stdout.trim()
        .split('\n')[0],
    )
  }

  #tmux(args: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync('tmux', ['-S', this.#socket, ...args], {
      encoding: 'utf8',
      env: { PATH: isolatedEnv['PATH'], LC_ALL: 'C.UTF-8' },
    })
    if (status !== 0) throw new Error(`tmux ${args[0]}: ${stderr}`)
    return stdout
  }
}
