import type { HistoryPrefetch, History } from '../git/attribution/history-prefetch.ts'
import { isAttributable } from '../git/attribution/attributable.ts'
import { Collector } from './collect.ts'
import { defaultLimits } from './archives/limits.ts'
import { withMembers } from './archives/members.ts'
import { createEngine, type Engine } from './engine.ts'
import { events } from './events.ts'
import { joinAcrossFiles } from './findings/across-files.ts'
import { withIdNames } from './shards/id-names.ts'
import type { MarkerExistedBefore } from './change-filter.ts'
import type { Finding, Skip } from '../model/model.ts'
import type { ScanEvent, ScanResult } from '../model/outcome.ts'
import { filterFactoryOf } from './object-filter.ts'
import type { ScanOptions, Target } from '../model/target.ts'
import { allRules } from '../rules/load.ts'
import { type OpenSource, openSource } from './sources/open.ts'
import { noPolicy, type Policy } from '../model/policy.ts'
import type { Rule } from '../model/rule.ts'
import { PolicyJudge, withProposals } from './suppress/policy-judge.ts'
import { markerExistedBefore } from './suppress/inline-marker.ts'

/**
 * The whole program: opens the target, judges what comes from it, attributes what was found.
 * Throws UsageError and ConfigError for what the caller got wrong and ScanError when the target
 * cannot be opened; whatever fails after that is a skip in the receipt, which then is not complete.
 */
export async function scan(target: Target, options: ScanOptions = {}): Promise<ScanResult> {
  const started = Date.now()
  const { policy = noPolicy } = options
  const { rules, digest } = allRules(policy.rules, options.rules)
  const engine = createEngine(rules, {
    markers: policy.strict ? 'ignore' : policy.markers,
    now: Date.now(),
  })
  const opened = await openSource(
    target,
    { ...options, cwd: options.cwd ?? process.cwd(), env: options.env ?? process.env },
    filterFactoryOf(rules, `${digest}-${depthOf(options)}`, engine),
  )
  const over = new AbortController()
  try {
    return await scanOpened(opened, {
      target,
      options,
      policy,
      rules,
      digest,
      engine,
      started,
      over: over.signal,
    })
  } finally {
    // A git whose output nobody reads any more would wait for that for ever, and this process for
    // it.
    over.abort()
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
  /** As `Date.now` has it: Node takes a while to load `performance`. */
  readonly started: number
  /** Aborted when the scan has ended, in whatever way. */
  readonly over: AbortSignal
}

async function scanOpened(
  opened: OpenSource,
  { target, options, policy, rules, digest, engine, started, over }: Course,
): Promise<ScanResult> {
  const decided = new PolicyJudge(policy, target.name === 'history')
  const deadline = options.deadlineMs === undefined ? [] : [AbortSignal.timeout(options.deadlineMs)]
  const signal = AbortSignal.any([
    over,
    ...(options.signal === undefined ? [] : [options.signal]),
    ...deadline,
  ])
  const collector = new Collector()
  const tell = (event: ScanEvent): void => {
    if (collector.record(event)) options.onEvent?.(event)
  }

  const historic =
    target.name === 'staged'
      ? undefined
      : historyOf(opened, signal, isWhole(target, options) ? collector : undefined)
  let ahead: Promise<HistoryPrefetch> | undefined
  const planned =
    options.onEvent &&
    opened.source.planned?.().then(
      (objects) => tell({ type: 'planned', objects }),
      () => {},
    )
  const source = withMembers(opened.source, { ...defaultLimits, depth: depthOf(options) })
  for await (const event of events(
    source,
    engine,
    signal,
    opened.before && standingIn(opened.before, signal),
  )) {
    collector.hear(event)
    for (const judged of afterPolicy(event, decided)) {
      tell(judged)
      if (judged.type === 'finding' && historic !== undefined && isAttributable(judged.finding))
        ahead ??= import('../git/attribution/history-prefetch.ts').then(
          ({ prefetchHistory: askAhead }) => askAhead(historic),
        )
    }
  }
  await planned
  if (!signal.aborted) opened.source.settled?.((object) => collector.isSpokenOf(object))
  let findings = collector.findings()
  if (findings.length > 0 && historic !== undefined && !signal.aborted) {
    const { attribute } = await import('../git/attribution/attribute.ts')
    const attributed = await attribute(findings, historic, await ahead)
    findings = withPaths(attributed.findings, decided, tell)
    for (const skip of attributed.skips) tell({ type: 'skipped', skip })
  }
  if (signal.aborted) tell({ type: 'skipped', skip: cutShort(options.signal?.aborted === true) })

  const facts = opened.view && (await import('./shards/shard-facts.ts')).shardFacts
  const shard = await facts?.(opened, {
    target,
    options,
    policy,
    engine,
    signal,
    shown: { findings, suppressed: collector.suppressed() },
    onSkip: (skip) => tell({ type: 'skipped', skip }),
  })
  // Only attribution knows which files and commits the parts of history are of; and of a shard what
  // is in the others is not known.
  return collector.result(
    shard === undefined ? proposedOf(joinAcrossFiles(findings), options) : withIdNames(findings),
    {
      target: target.name,
      range: opened.range ?? null,
      reader: opened.reader?.name ?? null,
      rules: { count: rules.length, digest },
      config: policy.config,
      git: opened.repository?.gitVersion ?? null,
      durationMs: Math.max(0, Date.now() - started),
      ...(shard && { shard: { index: shard.index, count: shard.count } }),
    },
    shard,
  )
}

/** How deep archives are within each other. */
function depthOf({ archiveDepth = defaultLimits.depth }: ScanOptions): number {
  return archiveDepth
}

/** Is all there looked at, with all rules? Else a name may hold what this scan did not look for. */
function isWhole(target: Target, { rules }: ScanOptions): boolean {
  return (
    target.name === 'history' &&
    target.objects === undefined &&
    target.since === undefined &&
    target.reachable !== true &&
    target.shard === undefined &&
    rules === undefined
  )
}

/** What there is to be asked about findings, if anything. */
function historyOf(
  { repository, reader, keeping, refs }: OpenSource,
  signal: AbortSignal,
  said: Collector | undefined,
): History | undefined {
  return (
    repository &&
    reader && { repository, reader, cacheLocation: keeping, refs, signal, reported: said }
  )
}

/**
 * A marker counts where its line stood in the file as it was; messages and names were not there.
 */
function standingIn(
  before: NonNullable<OpenSource['before']>,
  signal: AbortSignal,
): MarkerExistedBefore {
  return async (candidate, { path, inName }) =>
    path !== undefined &&
    inName === undefined &&
    markerExistedBefore(await before(path, signal), candidate)
}

/** A finding as the policy leaves it, and what it takes away. */
function afterPolicy(event: ScanEvent, decided: PolicyJudge): readonly ScanEvent[] {
  if (event.type !== 'finding') return [event]
  const { finding, suppressed } = decided.judge(event.finding)
  return [
    ...suppressed.map((one) => ({ type: 'suppressed', suppressed: one }) as const),
    ...(finding ? [{ type: 'finding', finding } as const] : []),
  ]
}

/** Findings of history have paths only now that they are attributed. */
function withPaths(
  findings: readonly Finding[],
  decided: PolicyJudge,
  tell: (event: ScanEvent) => void,
): readonly Finding[] {
  return findings.flatMap((found) => {
    const { finding, suppressed } = decided.judgePlaces(found)
    for (const one of suppressed) tell({ type: 'suppressed', suppressed: one })
    return finding ?? []
  })
}

function proposedOf(findings: readonly Finding[], { proposed }: ScanOptions): readonly Finding[] {
  return proposed === undefined ? findings : withProposals(findings, proposed)
}

function cutShort(interrupted: boolean): Skip {
  return interrupted
    ? { outcome: 'failed', reason: 'interrupted', detail: 'the scan was interrupted' }
    : { outcome: 'failed', reason: 'deadline', detail: 'the time allowed ran out' }
}
