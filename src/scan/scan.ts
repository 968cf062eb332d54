/**
 * The pipeline of a scan, in order of flow:
 *
 *     source → blob → chunk → candidate → suppression or finding → attribution → result
 *        └── skip ──────────────────────────────────────────────────────────────→ receipt
 *
 * `scan` prepares the stages and opens the source; `Pipeline` runs them. The stages themselves are
 * in `sources/`, `archives/`, `detect/`, `suppress/`, `findings/` and `git/attribution/`.
 */
import type { HistoryPrefetch, History } from '../git/attribution/history-prefetch.ts'
import { isAttributable } from '../git/attribution/attributable.ts'
import { type Limits, limitsOf } from '../model/limits.ts'
import type { Finding, Skip } from '../model/model.ts'
import type { ScanEvent, ScanResult, ShardFacts } from '../model/outcome.ts'
import { noPolicy, type Policy } from '../model/policy.ts'
import type { ScanOptions, Target } from '../model/target.ts'
import { allRules, type LoadedRules } from '../rules/load.ts'
import { addFingerprints, type UnreportedEvent } from './add-fingerprints.ts'
import { withMembers } from './archives/members.ts'
import type { MarkerExistedBefore } from './change-filter.ts'
import { ResultCollector } from './collect.ts'
import { createEngine, type Engine } from './engine.ts'
import { scanEvents } from './events.ts'
import { stoppedSkip, stopOf } from './stop.ts'
import { joinAcrossFiles } from './findings/across-files.ts'
import { Fingerprinter } from './findings/fingerprinter.ts'
import { filterFactoryOf } from './object-filter.ts'
import { withIdFingerprints } from './shards/id-fingerprints.ts'
import { openContext, openSource } from './sources/open.ts'
import type { OpenSource } from './sources/open-source.ts'
import { secretsInResult } from './text-secrets.ts'
import { markerExistedBefore } from './suppress/inline-marker.ts'
import { PolicyJudge, withProposals } from './suppress/policy-judge.ts'
import { UnreportedFindings } from './unreported-findings.ts'

/**
 * Scans a target. Throws UsageError and ConfigError for mistakes of the caller, and ScanError when
 * the target cannot be opened; a later failure is a skip in the receipt, which is then incomplete.
 */
export async function scan(target: Target, options: ScanOptions = {}): Promise<ScanResult> {
  const startedAt = Date.now()
  const { policy = noPolicy } = options
  const limits = limitsOf(options)
  const rules = allRules(policy.rules, options.rules)
  const engine = createEngine(rules.rules, {
    markers: policy.strict ? 'ignore' : policy.markers,
    now: startedAt,
  })
  // Objects cached as clean may hold archives, which were opened only to this depth.
  const cacheDigest = `${rules.digest}-${limits.archiveDepth}`
  const filters = filterFactoryOf(rules.rules, cacheDigest, engine)
  const place = { cwd: options.cwd ?? process.cwd(), env: options.env ?? process.env }
  const stop = stopOf(options, limits)
  const { signal } = stop
  let opened: OpenSource | undefined
  try {
    opened = await openSource(target, openContext({ ...options, ...place }, limits, filters))
    const inputs = { target, options, policy, limits, rules, engine, opened, startedAt, signal }
    return await new Pipeline(inputs).run()
  } finally {
    // An unread git child blocks on its full stdout pipe and keeps this process alive; kill it.
    stop.now()
    opened?.reader?.close()
  }
}

/** Inputs of one scan, which stay the same while it runs. */
interface ScanInputs {
  readonly target: Target
  readonly options: ScanOptions
  readonly policy: Policy
  readonly limits: Limits
  readonly rules: LoadedRules
  readonly engine: Engine
  readonly opened: OpenSource
  /** Milliseconds since 1970. `performance` is not used: Node takes long to load it. */
  readonly startedAt: number
  /** Aborted by the caller, by the deadline, or at the end of the scan. */
  readonly signal: AbortSignal
}

/** Runs the stages of one scan after its source is open. */
class Pipeline {
  readonly #inputs: ScanInputs
  readonly #collector = new ResultCollector()
  readonly #policyJudge: PolicyJudge
  readonly #unreported: UnreportedFindings
  readonly #history: History | undefined
  /** Git's answers about history, requested at the first finding while the scan goes on. */
  #prefetch: Promise<HistoryPrefetch> | undefined

  constructor(inputs: ScanInputs) {
    this.#inputs = inputs
    this.#policyJudge = new PolicyJudge(inputs.policy, inputs.target.name === 'history')
    this.#unreported = new UnreportedFindings(inputs.limits.weakValues)
    this.#history = historyOf(inputs, this.#collector)
  }

  async run(): Promise<ScanResult> {
    const { signal, options } = this.#inputs
    await this.#judgeBlobs()
    const unreported = this.#unreported.firsts()
    const attributed = await this.#attribute([...this.#collector.findings(), ...unreported])
    for (const skip of this.#unreported.skips(attributed)) this.#skip(skip)
    const findings = attributed.filter((finding) => !this.#unreported.has(finding))
    if (signal.aborted) this.#skip(stoppedSkip(options.signal?.aborted === true))
    return this.#result(findings, await this.#shardFacts())
  }

  /** Source → blob → chunk → candidate → suppression or finding. */
  async #judgeBlobs(): Promise<void> {
    const { opened, limits, engine, signal } = this.#inputs
    const planned = this.#emitPlanned()
    const source = withMembers(opened.source, limits)
    const { markerBaseText } = opened
    const markerExisted = markerBaseText && markerExistedIn(markerBaseText, signal)
    const detected = scanEvents(source, engine, signal, markerExisted)
    const fingerprinter = new Fingerprinter(limits.weakValues, signal)
    for await (const event of addFingerprints(detected, fingerprinter)) {
      this.#collector.recordMention(event)
      if (event.type === 'unreported') {
        this.#addUnreported(event)
        continue
      }
      for (const judged of this.#applyPolicy(event)) {
        this.#emit(judged)
        if (judged.type === 'finding') this.#prefetchHistory(judged.finding)
      }
    }
    await planned
    if (!signal.aborted) opened.source.settled?.((object) => this.#collector.isSpokenOf(object))
  }

  /** Tells a listener how many objects there are to scan; a failure is no failure of the scan. */
  async #emitPlanned(): Promise<void> {
    const { options, opened } = this.#inputs
    if (options.onEvent === undefined) return
    await opened.source.planned?.().then(
      (objects) => this.#emit({ type: 'planned', objects }),
      () => {},
    )
  }

  /** Splits a finding into what the policy leaves of it and what the policy suppresses. */
  #applyPolicy(event: ScanEvent): readonly ScanEvent[] {
    if (event.type !== 'finding') return [event]
    const { finding, suppressed } = this.#policyJudge.judge(event.finding)
    return [
      ...suppressed.map((each) => ({ type: 'suppressed', suppressed: each }) as const),
      ...(finding ? [{ type: 'finding', finding } as const] : []),
    ]
  }

  /** Counts a finding without a fingerprint, unless the policy suppresses it for other reasons. */
  #addUnreported(event: UnreportedEvent): void {
    const judged = this.#policyJudge.judge(this.#unreported.withName(event))
    for (const { finding: _, ...suppressed } of judged.suppressed)
      this.#emit({ type: 'suppressed', suppressed })
    if (judged.finding !== undefined) this.#unreported.add(event, judged.finding)
  }

  #prefetchHistory(finding: Finding): void {
    const history = this.#history
    if (history === undefined || !isAttributable(finding)) return
    this.#prefetch ??= import('../git/attribution/history-prefetch.ts').then(
      ({ prefetchHistory }) => prefetchHistory(history),
    )
  }

  /** Finding → attribution. Findings in objects get their paths here, so the policy judges those. */
  async #attribute(findings: readonly Finding[]): Promise<readonly Finding[]> {
    const history = this.#history
    if (findings.length === 0 || history === undefined || this.#inputs.signal.aborted)
      return findings
    const { attribute } = await import('../git/attribution/attribute.ts')
    // Names in the cache must hold no secret, and these findings are not all known to it.
    const cached = this.#unreported.isEmpty ? history : { ...history, reported: undefined }
    const attributed = await attribute(findings, cached, await this.#prefetch)
    const judged = attributed.findings.flatMap((each) => {
      const { finding, suppressed } = this.#policyJudge.judgePlaces(each)
      for (const one of suppressed) this.#emit({ type: 'suppressed', suppressed: one })
      return finding ?? []
    })
    for (const skip of attributed.skips) this.#skip(skip)
    return judged
  }

  /** Facts by which `oakum merge` checks that shards are of one whole; none for a whole scan. */
  async #shardFacts(): Promise<ShardFacts | undefined> {
    const { opened, target, limits, policy, signal } = this.#inputs
    if (opened.shardView === undefined) return undefined
    const { shardFacts } = await import('./shards/shard-facts.ts')
    return shardFacts(opened.shardView, {
      target,
      limits,
      policy,
      signal,
      onSkip: (skip) => this.#skip(skip),
    })
  }

  /**
   * Findings and receipt. An id and its secret in different files are joined only once their files
   * and commits are known; for a shard `oakum merge` joins them, since other shards may hold more.
   */
  async #result(findings: readonly Finding[], shard: ShardFacts | undefined): Promise<ScanResult> {
    const { target, options, policy, rules, engine, opened, startedAt } = this.#inputs
    const joined =
      shard === undefined
        ? proposedOf(joinAcrossFiles(findings), options)
        : withIdFingerprints(findings)
    const head = {
      target: target.name,
      range: opened.range ?? null,
      reader: opened.reader?.name ?? null,
      rules: { count: rules.rules.length, digest: rules.digest },
      config: policy.config,
      git: opened.repository?.gitVersion ?? null,
      durationMs: Math.max(0, Date.now() - startedAt),
      ...(shard && { shard: { index: shard.index, count: shard.count } }),
    }
    const result = this.#collector.result(joined, head, shard)
    const inTexts = [...(await secretsInResult(result, engine)), ...this.#unreported.secrets()]
    return { ...result, inTexts }
  }

  #skip(skip: Skip): void {
    this.#emit({ type: 'skipped', skip })
  }

  #emit(event: ScanEvent): void {
    if (this.#collector.record(event)) this.#inputs.options.onEvent?.(event)
  }
}

/** The history to attribute findings to; undefined for targets that are no part of it yet. */
function historyOf(inputs: ScanInputs, collector: ResultCollector): History | undefined {
  const { target, opened, signal } = inputs
  const { repository, reader, cacheLocation, refs } = opened
  if (target.name === 'staged' || repository === undefined || reader === undefined) return undefined
  return {
    repository,
    reader,
    cacheLocation,
    refs,
    signal,
    reported: isWholeHistory(inputs) ? collector : undefined,
  }
}

/**
 * True when all of a history is scanned with all rules. Otherwise names of files and people must
 * not be cached: they may hold a secret that this scan did not look for.
 */
function isWholeHistory({ target, options }: ScanInputs): boolean {
  return (
    target.name === 'history' &&
    target.objects === undefined &&
    target.since === undefined &&
    target.reachable !== true &&
    target.shard === undefined &&
    options.rules === undefined
  )
}

/** Inline markers count where the file had the line before; messages and names had none. */
function markerExistedIn(
  baseText: NonNullable<OpenSource['markerBaseText']>,
  signal: AbortSignal,
): MarkerExistedBefore {
  return async (candidate, { path, inName }) =>
    path !== undefined &&
    inName === undefined &&
    markerExistedBefore(await baseText(path, signal), candidate)
}

/** Marks findings that the policy proposed by the scanned change would suppress. */
function proposedOf(findings: readonly Finding[], { proposed }: ScanOptions): readonly Finding[] {
  return proposed === undefined ? findings : withProposals(findings, proposed)
}
