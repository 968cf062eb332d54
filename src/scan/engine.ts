import { memoize } from '../model/memoize.ts'
import type {
  Candidate,
  Chunk,
  SourceBlob,
  Suppressed,
  Suppression,
  UnnamedFinding,
} from '../model/model.ts'
import type { Markers } from '../model/policy.ts'
import type { Keyword, Rule } from '../model/rule.ts'
import { Detector, type SpecialSighting } from './detect/detector.ts'
import { type Grams, gramsOf } from './detect/keyword-bytes.ts'
import { createPrefilter, type Prefilter } from './detect/prefilter.ts'
import { classifyFile, unprotectedSetting } from './env-files/classify-file.ts'
import { envReader, type FileReader, readerForPath } from './env-files/reader.ts'
import { conclude, credentialKey, toSuppressed } from './findings/conclude.ts'
import { placeholderReason } from './suppress/placeholder.ts'
import { referenceReason } from './suppress/reference.ts'
import { flawOf, suppressionOf } from './suppress/suppressor.ts'

/** The stages that judge content. All are pure: they use no disk, no network and no clock. */
export interface Engine {
  /**
   * Creates a detector for one stream of blobs: a detector keeps state between the windows of a
   * blob. `prefilterFactory` makes a prefilter for it; default one that all detectors share.
   */
  readonly detector: (prefilterFactory?: PrefilterFactory) => Detector
  /** Returns why a candidate is not a finding; undefined for a finding. */
  readonly suppress: (candidate: Candidate) => Suppression | undefined
  readonly conclude: (candidate: Candidate) => UnnamedFinding
  /** Returns the part of a suppressed candidate that is kept for reports. */
  readonly toSuppressed: (candidate: Candidate, suppression: Suppression) => Suppressed
  /**
   * Returns a key that is equal for candidates about the same credential. It contains the secret:
   * never keep or show it beyond a scan.
   */
  readonly credentialKey: (candidate: Candidate) => string
}

type PrefilterFactory = (keywords: readonly Keyword[], grams: Grams) => Prefilter

export interface EngineOptions {
  /** Which inline markers count; default all. */
  readonly markers?: Markers
  /** Milliseconds since 1970, to tell which credentials have expired; default none has. */
  readonly now?: number
}

/** Rules whose secrets are found by reading entries, as far as these rules were selected. */
interface EntryRules extends Readonly<Record<FileReader['kind'], Rule | undefined>> {
  readonly tracked: Rule | undefined
}

/** Creates an engine from rules. */
export function createEngine(
  rules: readonly Rule[],
  { markers = 'accept', now }: EngineOptions = {},
): Engine {
  const ruleById = (id: string): Rule | undefined => rules.find((rule) => rule.id === id)
  const entryRules: EntryRules = {
    'env-file': ruleById('dotenv-secret'),
    'credentials-file': ruleById('credentials-file'),
    tracked: ruleById('dotenv-tracked'),
  }
  const judge = memoize(flawOf)
  // Detectors share a prefilter, as they share its keywords and never run at the same time: to
  // build its tables takes longer than to scan a small blob.
  let sharedPrefilter: Prefilter | undefined
  let grams: Grams | undefined
  return {
    detector: (prefilterFactory) =>
      new Detector({
        rules,
        judge,
        special: (blob, chunk) => entrySightings(entryRules, blob, chunk),
        prefilter(keywords) {
          grams ??= gramsOf(keywords)
          if (prefilterFactory !== undefined) return prefilterFactory(keywords, grams)
          return (sharedPrefilter ??= createPrefilter(keywords, { grams }))
        },
      }),
    suppress: (candidate) => suppressionOf(candidate, markers),
    conclude: (candidate) => conclude(candidate, now),
    toSuppressed,
    credentialKey,
  }
}

const ENTRY_TESTS = { referenceReason, placeholderReason }

/**
 * Reads a blob whose name is that of an env file, or of another file of credentials, entry by
 * entry, and judges each by name and value.
 */
function* entrySightings(
  rules: EntryRules,
  blob: SourceBlob,
  chunk: Chunk,
): Generator<SpecialSighting> {
  const reader = readerFor(blob)
  if (reader === undefined) return
  const { buffer, byteOffset, byteLength } = chunk.bytes
  const text = Buffer.from(buffer, byteOffset, byteLength).toString('latin1')
  const rule = rules[reader.kind]
  let hasSecret = false
  if (rule !== undefined) {
    for (const { secret, severity, evidence, flaw } of classifyFile(text, reader, ENTRY_TESTS)) {
      hasSecret ||= flaw === undefined
      yield {
        ...secret,
        rule,
        alone: severity,
        found: evidence,
        facts: {},
        ...(flaw === undefined ? {} : { flaw }),
      }
    }
  }
  const isWholeEnvFile =
    reader.kind === 'env-file' && blob.start === 0 && blob.last && chunk.encoding === 'bytes'
  if (!hasSecret && rules.tracked !== undefined && isWholeEnvFile)
    yield* trackedSighting(rules.tracked, blob, text)
}

/**
 * Yields a sighting for an env file that git tracks though it has no secret yet: the next secret
 * written into it would be committed.
 */
function* trackedSighting(
  rule: Rule,
  { origins }: SourceBlob,
  text: string,
): Generator<SpecialSighting> {
  const { path } = origins.find(({ state }) => state === 'tracked' || state === 'staged') ?? {}
  const setting = path === undefined ? undefined : unprotectedSetting(path.text, text)
  if (path === undefined || setting === undefined) return
  yield {
    // The prefix keeps this value apart from the path itself, which reports must not redact.
    text: Buffer.from(`env file ${path.text}`).toString('latin1'),
    start: setting.start,
    end: setting.end,
    rule,
    alone: rule.severity,
    found: 'git tracks an env file, without a secret in it so far',
    facts: {},
  }
}

/** Returns the reader for the names of a blob; of several that of an env file. */
function readerFor({ again, origins }: SourceBlob): FileReader | undefined {
  const names = [
    again?.text,
    ...origins.map(({ inName, member, path }) => (inName ? undefined : (member ?? path?.text))),
  ]
  const readers = names.flatMap((name) => (name === undefined ? [] : (readerForPath(name) ?? [])))
  const reader = readers.find(({ family }) => family === 'env') ?? readers[0]
  return reader ?? (origins.some(({ isEnvFile }) => isEnvFile) ? envReader : undefined)
}
