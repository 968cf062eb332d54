import { Detector, type SpecialSighting } from './detect/detector.ts'
import { envFamilyOf } from './dotenv/family.ts'
import { judgeEntry } from './dotenv/judge.ts'
import { parseEnv } from './dotenv/parse.ts'
import { conclude, credentialKey } from './findings/conclude.ts'
import { dismiss } from './findings/dismiss.ts'
import type { Candidate, Chunk, Finding, SourceBlob, Suppressed, Suppression } from './model.ts'
import type { Markers } from './policy.ts'
import type { Rule } from './rule.ts'
import { placeholderReason } from './suppress/placeholder.ts'
import { referenceReason } from './suppress/reference.ts'
import { flawOf, suppressionOf } from './suppress/suppressor.ts'

/** The stages that judge content. All pure: no disk, no network, no clock. */
export interface Engine {
  /** One for each stream of blobs: it remembers the windows of the blob it is at. */
  readonly detector: (mostReach?: number) => Detector
  readonly suppress: (candidate: Candidate) => Suppression | undefined
  readonly conclude: (candidate: Candidate) => Finding
  /** What is kept of a candidate that is no finding. */
  readonly dismiss: (candidate: Candidate, suppression: Suppression) => Suppressed
  /** Equal for candidates about the same credential. Holds the secret: never keep or show it beyond a scan. */
  readonly keyOf: (candidate: Candidate) => string
}

/** Puts rules, the judge of `.env` entries and the suppressions together. */
export function createEngine(rules: readonly Rule[], markers: Markers = 'accept'): Engine {
  const envRule = rules.find((rule) => rule.id === 'dotenv-secret')
  return {
    detector: (mostReach = Infinity) => new Detector({ rules, mostReach, judge: flawOf, special: (blob, chunk) => (envRule === undefined ? [] : envSightings(envRule, blob, chunk)) }),
    suppress: (candidate) => suppressionOf(candidate, markers),
    conclude,
    dismiss,
    keyOf: credentialKey,
  }
}

const ENV_TESTS = { referenceReason, placeholderReason }

/** Reads a blob that goes by the name of an env file as entries, each judged by name and value. */
function* envSightings(rule: Rule, blob: SourceBlob, chunk: Chunk): Generator<SpecialSighting> {
  const family = envFamily(blob)
  if (family === undefined) return
  const text = Buffer.from(chunk.bytes.buffer, chunk.bytes.byteOffset, chunk.bytes.byteLength).toString('latin1')
  for (const entry of parseEnv(text)) {
    const judgement = judgeEntry(entry, family, ENV_TESTS)
    if (judgement === undefined) continue
    const { secret, severity, found, flaw } = judgement
    yield { ...secret, rule, alone: severity, found, facts: {}, ...(flaw === undefined ? {} : { flaw }) }
  }
}

function envFamily({ again, origins }: SourceBlob): ReturnType<typeof envFamilyOf> {
  const names = [again, ...origins.map((origin) => (origin.inName ? undefined : origin.path))].flatMap((path) => (path === undefined ? [] : [path.text.slice(path.text.lastIndexOf('/') + 1)]))
  const families = names.map(envFamilyOf)
  return families.find((family) => family === 'env') ?? families.find((family) => family !== undefined)
}
