import { Collector } from './collect.ts'
import { defaultLimits } from './containers/limits.ts'
import { withMembers } from './containers/members.ts'
import { createEngine, type Engine } from './engine.ts'
import { isExpected } from './errors.ts'
import { joinAcrossFiles } from './findings/across-files.ts'
import { Judge } from './judge.ts'
import type { Finding, Passed, Skip, Source, SourceBlob } from './model.ts'
import type { ScanEvent, ScanResult } from './outcome.ts'
import { sifterOf } from './sieve.ts'
import type { ScanOptions, Target } from './target.ts'
import { allRules } from './rules/load.ts'
import { type OpenSource, openSource } from './sources/open.ts'
import { noPolicy, type Policy } from './policy.ts'
import type { Rule } from './rule.ts'
import { PolicyJudge } from './suppress/policy-judge.ts'

/**
 * The whole program: opens the target, judges what comes from it, attributes what was found.
 * Throws UsageError and ConfigError for what the caller got wrong and ScanError when the target cannot be opened;
 * whatever fails after that is a skip in the receipt, which then is not complete.
 */
export async function scan(target: Target, options: ScanOptions = {}): Promise<ScanResult> {
  const started = performance.now()
  const { policy = noPolicy } = options
  const { rules, digest } = allRules(policy.rules, options.rules)
  const engine = createEngine(rules, { markers: policy.strict ? 'ignore' : policy.markers, now: Date.now() })
  const opened = await openSource(target, { ...options, cwd: options.cwd ?? process.cwd(), env: options.env ?? process.env }, sifterOf(rules, digest, engine))
  try {
    return await scanOpened(opened, { target, options, policy, rules, digest, engine, started })
  } finally {
    opened.reader?.close()
  }
}

interface Course {
  readonly target: Target
  readonly options: ScanOptions
  readonly policy: Policy
  readonly rules: readonly Rule[]
  readonly digest: string
  readonly engine: Engine
  /** On the clock of `performance`. */
  readonly started: number
}

async function scanOpened(opened: OpenSource, { target, options, policy, rules, digest, engine, started }: Course): Promise<ScanResult> {
  const decided = new PolicyJudge(policy, target.name === 'history')
  const deadline = options.deadlineMs === undefined ? [] : [AbortSignal.timeout(options.deadlineMs)]
  const signal = AbortSignal.any([...(options.signal === undefined ? [] : [options.signal]), ...deadline])
  const collector = new Collector()
  const tell = (event: ScanEvent): void => {
    if (collector.record(event)) options.onEvent?.(event)
  }

  const planned = options.onEvent && opened.source.planned?.().then((objects) => tell({ type: 'planned', objects }), () => {})
  for await (const event of events(withMembers(opened.source, { ...defaultLimits, depth: options.archiveDepth ?? defaultLimits.depth }), engine, signal)) for (const judged of afterPolicy(event, decided)) tell(judged)
  await planned
  let findings = collector.findings()
  if (findings.length > 0 && opened.repository !== undefined && opened.reader !== undefined && target.name !== 'staged' && !signal.aborted) {
    const { attribute } = await import('./attribute/attribute.ts')
    const attributed = await attribute(findings, opened.repository, opened.reader, signal)
    findings = withPaths(attributed.findings, decided, tell)
    for (const skip of attributed.skips) tell({ type: 'skipped', skip })
  }
  if (signal.aborted) tell({ type: 'skipped', skip: cutShort(options.signal?.aborted === true) })

  // Only attribution knows which files and commits the parts of history are of.
  return collector.result(joinAcrossFiles(findings), {
    target: target.name,
    range: opened.range ?? null,
    reader: opened.reader?.name ?? null,
    rules: { count: rules.length, digest },
    config: policy.config,
    git: opened.repository?.gitVersion ?? null,
    durationMs: Math.round(performance.now() - started),
  })
}

/** Source → blob → candidate → suppression or finding. */
async function* events(source: Source, engine: Engine, signal: AbortSignal): AsyncGenerator<ScanEvent> {
  const detector = engine.detector()
  const judge = new Judge(source, engine, signal)
  const tally = new Tally()
  try {
    for await (const batch of source.blobs(signal)) {
      if (signal.aborted) break
      for (const item of batch) {
        if ('outcome' in item) {
          yield { type: 'skipped', skip: item }
          continue
        }
        if ('passed' in item) {
          tally.add(item)
          continue
        }
        const candidates = detector.detect(item)
        if (candidates.length > 0) yield* judge.events(candidates, item.again !== undefined)
        tally.count(item)
      }
      yield tally.event()
    }
  } catch (error) {
    // A source that breaks off has still given what it gave.
    if (!isExpected(error)) throw error
    if (error.name !== 'ScanError') throw error
    yield { type: 'skipped', skip: { outcome: 'failed', reason: 'git-failed', detail: error.message } }
  }
  yield* judge.events(detector.end(), false)
}

/** A finding as the policy leaves it, and what it takes away. */
function afterPolicy(event: ScanEvent, decided: PolicyJudge): readonly ScanEvent[] {
  if (event.type !== 'finding') return [event]
  const { finding, suppressed } = decided.judge(event.finding)
  return [...suppressed.map((one) => ({ type: 'suppressed', suppressed: one }) as const), ...(finding ? [{ type: 'finding', finding } as const] : [])]
}

/** Findings of history have paths only now that they are attributed. */
function withPaths(findings: readonly Finding[], decided: PolicyJudge, tell: (event: ScanEvent) => void): readonly Finding[] {
  return findings.flatMap((found) => {
    const { finding, suppressed } = decided.judgePlaces(found)
    for (const one of suppressed) tell({ type: 'suppressed', suppressed: one })
    return finding ?? []
  })
}

const KINDS = ['blob', 'tree', 'commit', 'tag'] as const

/** Counts what was scanned since it was last asked. */
class Tally {
  #objects = { blob: 0, tree: 0, commit: 0, tag: 0 }
  #bytes = 0
  #covered = 0

  count({ kind, origins, start, bytes, last, again }: SourceBlob): void {
    if (again !== undefined || origins[0].member !== undefined || (kind === 'blob' && origins[0].inName)) return
    const end = start + bytes.length
    this.#bytes += end - (start === 0 ? 0 : this.#covered)
    this.#covered = end
    if (last) this.#objects[kind] += 1
  }

  add({ passed, bytes }: Passed): void {
    for (const kind of KINDS) this.#objects[kind] += passed[kind]
    this.#bytes += bytes
  }

  event(): ScanEvent {
    const event: ScanEvent = { type: 'scanned', objects: this.#objects, bytes: this.#bytes }
    this.#objects = { blob: 0, tree: 0, commit: 0, tag: 0 }
    this.#bytes = 0
    return event
  }
}

function cutShort(interrupted: boolean): Skip {
  return interrupted
    ? { outcome: 'failed', reason: 'interrupted', detail: 'the scan was interrupted' }
    : { outcome: 'failed', reason: 'deadline', detail: 'the time allowed ran out' }
}
