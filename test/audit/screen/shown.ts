/** Sample findings, and a player that feeds events to the state of the screen. */
import type { AuditMessage } from '../../../src/audit/messages.ts'
import type { Coverage, ShownFinding } from '../../../src/model/shown.ts'
import type { Key } from '../../../src/audit/screen/keys/keys.ts'
import { KeyDecoder } from '../../../src/audit/screen/keys/keys.ts'
import { reduce } from '../../../src/audit/screen/reduce.ts'
import {
  type Effect,
  type StartOptions,
  startState,
  type ScreenState,
} from '../../../src/audit/screen/state.ts'

const coverage: Coverage = {
  complete: true,
  skipped: [],
  commits: 3,
  trees: 3,
  tags: 0,
  blobs: 5,
  bytes: 1200,
  files: 2,
  durationMs: 40,
  rules: 118,
  remotes: ['origin'],
  envFiles: [],
  suppressed: 0,
}

/** Returns `oak1-` and the number in hexadecimal. */
export function fingerprint(n: number): string {
  return `oak1-${n.toString(16).padStart(32, '0')}`
}

export function shown(n: number, fields: Partial<ShownFinding> = {}): ShownFinding {
  const introduction = {
    commit: n.toString(16).padStart(40, 'c'),
    author: 'Ada <ada@example.com>',
    date: `2024-01-${String((n % 28) + 1).padStart(2, '0')}T10:00:00Z`,
    path: `d/f${n}.ini`,
  }
  return {
    fingerprint: fingerprint(n),
    rule: { id: 'aws-access-key', description: 'AWS access key' },
    severity: 'high',
    parts: [
      { role: 'secret', redacted: `s${n}…` },
      { role: 'id', redacted: `AKIA…${n}` },
    ],
    facts: {},
    count: 1,
    places: [
      {
        kind: 'commit',
        path: `d/f${n}.ini`,
        object: n.toString(16).padStart(40, 'b'),
        commit: introduction.commit,
        line: 3,
        column: 5,
        roles: ['secret', 'id'],
      },
    ],
    attribution: {
      first: introduction,
      last: introduction,
      inHead: n % 2 === 0,
      refs: ['refs/heads/main'],
      exposure: 'pending',
    },
    verification: { status: 'not-tried' },
    explanation: ['rule aws-access-key'],
    advice: ['Rotate it.'],
    ...fields,
  }
}

/** Applies events to a state, one after the other, and collects their effects. */
export class Play {
  state: ScreenState
  readonly effects: Effect[] = []

  constructor(start: Partial<StartOptions> = {}) {
    this.state = startState({
      columns: 120,
      rows: 30,
      failOn: 'medium',
      name: 'shop',
      marks: new Map(),
      ...start,
    })
  }

  message(message: AuditMessage): this {
    return this.#happen({ type: 'message', message })
  }

  /** Ends the scan with these findings. */
  done(findings: readonly ShownFinding[], overrides: Partial<Coverage> = {}): this {
    return this.message({ type: 'settled', findings }).message({
      type: 'finished',
      name: 'shop',
      coverage: { ...coverage, ...overrides },
    })
  }

  /** Decodes terminal input and applies its keys. */
  type(input: string): this {
    const decoder = new KeyDecoder()
    return this.keys([...decoder.push(input), ...decoder.flush()])
  }

  keys(keys: readonly Key[]): this {
    for (const key of keys) this.#happen({ type: 'key', key })
    return this
  }

  size(columns: number, rows: number): this {
    return this.#happen({ type: 'size', columns, rows })
  }

  happen(event: Parameters<typeof reduce>[1]): this {
    return this.#happen(event)
  }

  /** Number of the selected finding. */
  get at(): number {
    return Number.parseInt(this.state.selected?.slice(5) ?? 'ffff', 16)
  }

  /** Numbers of the listed findings. */
  get listed(): readonly number[] {
    return this.state.listed.map((listed) => Number.parseInt(listed.slice(5), 16))
  }

  #happen(event: Parameters<typeof reduce>[1]): this {
    const { state, effects } = reduce(this.state, event)
    this.state = state
    this.effects.push(...effects)
    return this
  }
}
