import { Detector, type SpecialSighting } from './detect/detector.ts'
import { type Grams, gramsOf } from './detect/keyword-bytes.ts'
import { createPrefilter, type Prefilter } from './detect/prefilter.ts'
import { classifyFile, unprotectedSetting } from './env-files/classify-file.ts'
import { envReader, type FileReader, readerForPath } from './env-files/reader.ts'
import { conclude, credentialKey, fingerprintOfValue, toSuppressed } from './findings/conclude.ts'
import type {
  Candidate,
  Chunk,
  Finding,
  SourceBlob,
  Suppressed,
  Suppression,
} from '../model/model.ts'
import type { Markers } from '../model/policy.ts'
import { memoize } from '../model/memoize.ts'
import type { Keyword, Rule } from '../model/rule.ts'
import { placeholderReason } from './suppress/placeholder.ts'
import { referenceReason } from './suppress/reference.ts'
import { flawOf, suppressionOf } from './suppress/suppressor.ts'

/** The stages that judge content. All pure: no disk, no network, no clock. */
export interface Engine {
  /**
   * One for each stream of blobs: it remembers the windows of the blob it is at. With a prefilter
   * of its own, if it is told how to make one.
   */
  readonly detector: (own?: (keywords: readonly Keyword[], grams: Grams) => Prefilter) => Detector
  readonly suppress: (candidate: Candidate) => Suppression | undefined
  readonly conclude: (candidate: Candidate) => Finding
  /** What is kept of a candidate that is no finding. */
  readonly dismiss: (candidate: Candidate, suppression: Suppression) => Suppressed
  /**
   * Equal for candidates about the same credential. Holds the secret: never keep or show it beyond
   * a scan.
   */
  readonly keyOf: (candidate: Candidate) => string
}

export interface EngineOptions {
  /** Whether markers on a line count. */
  readonly markers?: Markers
  /** In milliseconds since 1970: tells what has expired; without it nothing has. */
  readonly now?: number
}

/** The rules whose secrets are found by reading entries, as far as they were chosen. */
interface EntryRules extends Readonly<Record<FileReader['kind'], Rule | undefined>> {
  readonly tracked: Rule | undefined
}

/** Puts rules, the judge of entries and the suppressions together. */
export function createEngine(
  rules: readonly Rule[],
  { markers = 'accept', now }: EngineOptions = {},
): Engine {
  const byId = (id: string): Rule | undefined => rules.find((rule) => rule.id === id)
  const entryRules: EntryRules = {
    'env-file': byId('dotenv-secret'),
    'credentials-file': byId('credentials-file'),
    tracked: byId('dotenv-tracked'),
  }
  const judge = memoize(flawOf)
  const nameOf = memoize(fingerprintOfValue)
  /**
   * All detectors look for the same keywords, one blob at a time, so one serves them all: its
   * tables take longer than a small blob.
   */
  let prefilter: Prefilter | undefined
  let grams: Grams | undefined
  return {
    detector: (own) =>
      new Detector({
        rules,
        judge,
        special: (blob, chunk) => entrySightings(entryRules, blob, chunk),
        prefilter(keywords) {
          grams ??= gramsOf(keywords)
          return own?.(keywords, grams) ?? (prefilter ??= createPrefilter(keywords, { grams }))
        },
      }),
    suppress: (candidate) => suppressionOf(candidate, markers),
    conclude: (candidate) => conclude(candidate, now, nameOf),
    dismiss: toSuppressed,
    keyOf: credentialKey,
  }
}

const ENTRY_TESTS = { referenceReason, placeholderReason }

/**
 * Reads a blob that goes by the name of an env file, or of another file of credentials, as entries,
 * each judged by name and value.
 */
function* entrySightings(
  rules: EntryRules,
  blob: SourceBlob,
  chunk: Chunk,
): Generator<SpecialSighting> {
  const reader = readerFor(blob)
  if (reader === undefined) return
  const text = Buffer.from(
    chunk.bytes.buffer,
    chunk.bytes.byteOffset,
    chunk.bytes.byteLength,
  ).toString('latin1')
  const rule = rules[reader.kind]
  let found = false
  if (rule !== undefined) {
    for (const { secret, severity, evidence: how, flaw } of classifyFile(
      text,
      reader,
      ENTRY_TESTS,
    )) {
      found ||= flaw === undefined
      yield {
        ...secret,
        rule,
        alone: severity,
        found: how,
        facts: {},
        ...(flaw === undefined ? {} : { flaw }),
      }
    }
  }
  if (
    !found &&
    rules.tracked !== undefined &&
    reader.kind === 'env-file' &&
    blob.start === 0 &&
    blob.last &&
    chunk.encoding === 'bytes'
  )
    yield* trackedSighting(rules.tracked, blob, text)
}

/**
 * An env file that git tracks, without a secret of its own kind: the next one who writes one into
 * it commits it.
 */
function* trackedSighting(
  rule: Rule,
  { origins }: SourceBlob,
  text: string,
): Generator<SpecialSighting> {
  const { path } = origins.find(({ state }) => state === 'tracked' || state === 'staged') ?? {}
  const setting = path === undefined ? undefined : unprotectedSetting(path.text, text)
  if (path === undefined || setting === undefined) return
  // The words keep it apart from the name itself, which reports show.
  const name = Buffer.from(`env file ${path.text}`).toString('latin1')
  yield {
    text: name,
    start: setting.start,
    end: setting.end,
    rule,
    alone: rule.severity,
    found: 'git tracks an env file, without a secret in it so far',
    facts: {},
  }
}

function readerFor({ again, origins }: SourceBlob): FileReader | undefined {
  const names = [
    again?.text,
    ...origins.map(({ inName, member, path }) => (inName ? undefined : (member ?? path?.text))),
  ]
  const readers = names.flatMap((name) => (name === undefined ? [] : (readerForPath(name) ?? [])))
  const best = readers.find(({ family }) => family === 'env') ?? readers[0]
  return best ?? (origins.some(({ isEnvFile }) => isEnvFile) ? envReader : undefined)
}
