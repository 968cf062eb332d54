/** Finds the secrets in texts that are about to be shown: names, reasons, messages. */
import type { Candidate, Origin } from '../model/model.ts'
import type { ScanResult } from '../model/outcome.ts'
import type { ScrubbedSecrets } from '../model/scrubber.ts'
import { Turns } from '../model/turns.ts'
import type { Engine } from './engine.ts'
import { explainCandidate } from './findings/explained.ts'

/**
 * Returns the secrets that rules find in texts, to be scrubbed from them. Whole texts come first,
 * then each name of a path by itself; rules find the end of a name by its NUL. Markers and allow
 * entries do not count: an accepted secret is no less secret.
 */
export async function secretsInTexts(
  texts: Iterable<string>,
  engine: Engine,
): Promise<ScrubbedSecrets> {
  const text = [...new Set(texts)].filter((each) => each.length >= MIN_LENGTH).join('\0')
  if (text === '') return []
  const detector = engine.detector()
  const steps = detector.detectInSteps({
    id: 'texts',
    kind: 'blob',
    origins: [{ kind: 'stdin' }],
    start: 0,
    bytes: Buffer.from(`${text}\0${text.replaceAll('/', '\0')}\0`),
    last: true,
  })
  const turns = new Turns()
  let step = steps.next()
  for (; step.done !== true; step = steps.next()) await turns.next()
  return step.value.filter(isSecret).map((candidate) => explainCandidate(candidate, undefined))
}

/** Shorter texts hold no credential. */
const MIN_LENGTH = 8

function isSecret({ parts: [first] }: Candidate): boolean {
  return first.flaw === undefined
}

/**
 * Returns the secrets in the texts that a report may show beside the findings. The scan may not have
 * seen them: names of refs, trees of another shard, objects that only git's errors name.
 */
export async function secretsInResult(
  { findings, suppressed, receipt }: Pick<ScanResult, 'findings' | 'suppressed' | 'receipt'>,
  engine: Engine,
): Promise<ScrubbedSecrets> {
  const texts = new Set<string>()
  const add = (text: string | null | undefined): void => void (text && texts.add(text))
  const addNames = ({ path, member }: Pick<Origin, 'path' | 'member'>): void => {
    add(path?.text)
    add(member)
  }
  for (const finding of [...findings, ...suppressed.flatMap((one) => one.finding ?? [])]) {
    const { places, attribution, facts, explanation, proposed, lapsed } = finding
    for (const { origin, excerpt } of places) {
      addNames(origin)
      add(excerpt?.before)
      add(excerpt?.behind)
    }
    for (const introduction of [attribution?.first, attribution?.last, attribution?.removed]) {
      addNames(introduction ?? {})
      add(introduction?.author)
    }
    for (const text of [...(attribution?.refs ?? []), ...explanation, ...Object.values(facts)])
      add(text)
    add(proposed?.reason)
    add(lapsed)
  }
  for (const { place, suppression } of suppressed) {
    addNames(place.origin)
    add(suppression.reason)
  }
  for (const skip of receipt.skipped) {
    addNames(skip)
    add(skip.detail)
  }
  for (const text of [receipt.range?.base, receipt.range?.head, receipt.config.path]) add(text)
  return secretsInTexts(texts, engine)
}
