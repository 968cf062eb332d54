import { describe, expect, test } from 'vitest'
import { Detector, type DetectorOptions } from '../../../src/scan/detect/detector.ts'
import { createPrefilter, slowPrefilter } from '../../../src/scan/detect/prefilter.ts'
import { createEngine } from '../../../src/scan/engine.ts'
import { OVERLAP_BYTES, WINDOW_BYTES } from '../../../src/git/objects/windows.ts'
import type { Candidate, Part, SourceBlob } from '../../../src/model/model.ts'
import type { Rule } from '../../../src/model/rule.ts'
import { shippedDefinitions } from '../../support/definitions.ts'
import { compileRule } from '../../../src/rules/compile.ts'
import { expandSample } from '../../../src/rules/samples/sample.ts'
import { awsPair, githubToken, type Pair } from '../../support/credentials.ts'
import { seededRandom } from '../../support/random.ts'
import { fileBlob, windowed } from '../../support/source.ts'
import { isFullRun, rounds } from '../../support/rounds.ts'

const rules: readonly Rule[] = shippedDefinitions.map(compileRule)
const engine = createEngine(rules)

function candidatesIn(windows: readonly SourceBlob[]): readonly Candidate[] {
  const detector = engine.detector()
  return windows.flatMap((window) => detector.detect(window))
}

/** The bytes at a part's span; of UTF-16 without the NUL bytes. */
function spanned(bytes: Uint8Array, { span, found }: Part): string {
  const cut = Buffer.from(bytes.subarray(span.start, span.end))
  return (found.endsWith('UTF-16') ? cut.filter((_, at) => at % 2 === 0) : cut).toString('utf8')
}

function lineFeeds(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1
  return count
}

function expectSpans(bytes: Buffer, candidates: readonly Candidate[]): void {
  for (const part of candidates.flatMap(({ parts }) => parts)) {
    expect(spanned(bytes, part)).toBe(part.secret.reveal())
    const before = bytes.subarray(0, part.span.start)
    const inside = bytes.subarray(part.span.start, part.span.end)
    expect(part.span).toMatchObject({
      line: lineFeeds(before) + 1,
      column: part.span.start - before.lastIndexOf(10),
      endLine: lineFeeds(before) + lineFeeds(inside) + 1,
      endColumn: part.span.end - bytes.subarray(0, part.span.end).lastIndexOf(10),
    })
  }
}

function outlineOfPart({ role, span, secret }: Part): string {
  return `${role} ${span.start}-${span.end} ${span.line}:${span.column} ${secret.reveal()}`
}

/** The properties of candidates that two runs are compared by. */
function outline(candidates: readonly Candidate[]): readonly string[] {
  return candidates
    .map(
      ({ rule, parts, severity }) =>
        `${rule.id} ${severity} ${parts.map(outlineOfPart).join(' + ')}`,
    )
    .sort()
}

const keys = ({ id, secret }: Pair): string =>
  `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`

const examples = shippedDefinitions.flatMap(({ id, parts, examples: templates }) =>
  parts.length === 0 ? [] : templates.map((template) => [id, template] as const),
)
const encodings: readonly (readonly [name: string, encode: (text: string) => Buffer])[] = [
  ['as they are', (text) => Buffer.from(text, 'latin1')],
  [
    'behind other lines, some of them not UTF-8',
    (text) =>
      Buffer.concat([
        Buffer.from('caf\u00e9 # \u00ff\n\n\r\n', 'latin1'),
        Buffer.from(text, 'latin1'),
      ]),
  ],
  ['in UTF-16, little endian', (text) => Buffer.from(`\uFEFFone line\n${text}`, 'utf16le')],
  ['in UTF-16, big endian', (text) => Buffer.from(`\uFEFFone line\n${text}`, 'utf16le').swap16()],
  [
    'in UTF-16 at an odd offset',
    (text) => Buffer.concat([Buffer.from('a\n\0'), Buffer.from(text, 'utf16le')]),
  ],
  [
    'among the bytes of a binary',
    (text) =>
      Buffer.concat([
        Buffer.from([0, 1, 2, 0x7f, 0xff, 0, 10]),
        Buffer.from(text, 'latin1'),
        Buffer.from([0, 0, 1]),
      ]),
  ],
]

describe('the examples of the rules are found with the span of the secret in any encoding', () => {
  const detector = engine.detector()
  const numbered = examples.map(([id, template], index) => [id, template, index] as const)

  test.each(numbered)('%s %j', (_id, template, index) => {
    // Every example as it is and in the next encoding in turn; in a full run in all of them.
    const [plain, ...others] = encodings
    const tried = isFullRun ? encodings : [plain!, others[index % others.length]!]
    for (let seed = 1; seed <= rounds(3); seed += 1) {
      const { text, secrets } = expandSample(template, seededRandom(seed))
      for (const [name, encode] of tried) {
        const bytes = encode(text)
        const candidates = detector.detect(fileBlob('a.txt', bytes))
        expectSpans(bytes, candidates)
        const found = candidates.flatMap(({ parts }) => parts.map(({ secret }) => secret.reveal()))
        // Another rule may find more of the same text, such as the URL around a password.
        const missed = secrets.filter(
          ({ start, end }) => !found.some((secret) => secret.includes(text.slice(start, end))),
        )
        expect({ name, missed }).toEqual({ name, missed: [] })
      }
    }
  })
})

describe('the detector', () => {
  test('finds the same with the slow prefilter, in examples, counter-examples and noise', () => {
    const templates = shippedDefinitions.flatMap((definition) => [
      ...definition.examples,
      ...definition.counterExamples,
    ])
    const options: DetectorOptions = { rules, judge: () => ({ facts: {} }), special: () => [] }
    const [fast, standard, slow] = [
      new Detector({ ...options, prefilter: createPrefilter }),
      new Detector(options),
      new Detector({ ...options, prefilter: slowPrefilter }),
    ]
    let found = 0
    for (let seed = 1; seed <= rounds(150); seed += 1) {
      const random = seededRandom(seed)
      const text = Array.from(
        { length: 12 },
        () => expandSample(templates[Math.floor(random() * templates.length)]!, random).text,
      ).join(random() < 0.5 ? '\n' : ' ')
      const bytes = Buffer.from(text, random() < 0.3 ? 'utf16le' : 'latin1')
      const memory = Buffer.alloc(bytes.length + 8)
      const blob = fileBlob(
        'a.txt',
        memory.subarray(seed % 5, (seed % 5) + bytes.copy(memory, seed % 5)),
      )
      const expected = outline(slow.detect(blob))
      found += expected.length
      expect(outline(fast.detect(blob))).toEqual(expected)
      expect(outline(standard.detect(blob))).toEqual(expected)
    }
    expect(found).toBeGreaterThan(rounds(500))
  })

  test('finds each secret near the ends of windows once, as in the whole blob', () => {
    const step = WINDOW_BYTES - OVERLAP_BYTES
    const edges = [step, WINDOW_BYTES, 2 * step, 2 * step + OVERLAP_BYTES]
    for (const [round, near] of [0, 1, 17, 40, 63, 90, 500, 1023, 1024, 1060, 3000].entries()) {
      const content = Buffer.alloc(
        2 * step + OVERLAP_BYTES + 5000,
        `${'the quick brown fox '.repeat(40)}\n`,
      )
      const planted = edges.flatMap((edge, at) =>
        [awsPair(6000 + 20 * round + 2 * at), awsPair(6001 + 20 * round + 2 * at)].map(
          (pair, side) => [pair, side === 0 ? edge - near : edge - near + 200] as const,
        ),
      )
      for (const [pair, start] of planted) content.write(`\n${keys(pair)}`, start)
      const blob = fileBlob('a.txt', content)
      const windows = windowed(blob, WINDOW_BYTES, OVERLAP_BYTES)
      expect(windows).toHaveLength(3)
      const candidates = candidatesIn(windows)
      expectSpans(content, candidates)
      expect(candidates).toHaveLength(planted.length)
      expect(outline(candidates)).toEqual(outline(candidatesIn([blob])))
    }
  })

  test('does not find a value that the end of a window cuts to the length of a secret', () => {
    const { secret, id } = awsPair(6500)
    for (const cut of [WINDOW_BYTES, WINDOW_BYTES - OVERLAP_BYTES]) {
      const content = Buffer.alloc(WINDOW_BYTES + 100_000, 'lorem ipsum\n')
      // A run of base64 that is longer than a secret, of which one window shows exactly the length
      // of a secret.
      content.write(
        `\n${id} aws_secret = "${secret}${secret}"\n`,
        cut - `\n${id} aws_secret = "${secret}`.length,
      )
      const blob = fileBlob('a.txt', content)
      expect(outline(candidatesIn(windowed(blob, WINDOW_BYTES, OVERLAP_BYTES)))).toEqual(
        outline(candidatesIn([blob])),
      )
    }
  })

  test('finds a long secret completely that the end of a window cuts', () => {
    const definition = shippedDefinitions.find(
      ({ provider, id }) => provider === 'private-key' || id.includes('private-key'),
    )!
    const { text } = expandSample(definition.examples[0]!, seededRandom(9))
    for (const edge of [WINDOW_BYTES, WINDOW_BYTES - OVERLAP_BYTES]) {
      for (const share of [0.1, 0.5, 0.9]) {
        const content = Buffer.alloc(WINDOW_BYTES + 100_000, 'lorem ipsum\n')
        content.write(`\n${text}\n`, edge - Math.floor(text.length * share), 'latin1')
        const blob = fileBlob('a.txt', content)
        const candidates = candidatesIn(windowed(blob, WINDOW_BYTES, OVERLAP_BYTES))
        expect(candidates).toHaveLength(1)
        expect(outline(candidates)).toEqual(outline(candidatesIn([blob])))
      }
    }
  })

  test('finds UTF-16 at the ends of windows', () => {
    const pairs = [awsPair(6600), awsPair(6601)]
    const filler = 'the quick brown fox\n'.repeat(120_000)
    const text = [
      `${filler.slice(0, WINDOW_BYTES / 2 - 80)}\n`,
      keys(pairs[0]!),
      filler.slice(0, 30_000),
      keys(pairs[1]!),
      filler,
    ].join('')
    const content = Buffer.from(text, 'utf16le')
    const candidates = candidatesIn(
      windowed(fileBlob('a.txt', content), WINDOW_BYTES, OVERLAP_BYTES),
    )
    expect(candidates.map(({ parts }) => parts.map(({ secret }) => secret.reveal()))).toEqual(
      pairs.map(({ id, secret }) => [secret, id]),
    )
    expectSpans(content, candidates)
  })

  test('joins an id and a secret that stand in different windows', () => {
    const { id, secret } = awsPair(6700)
    const content = Buffer.alloc(2 * WINDOW_BYTES, 'lorem ipsum\n')
    content.write(`\naws_access_key_id = ${id}\n`, 1000)
    content.write(`\naws_secret_access_key = ${secret}\n`, 2 * WINDOW_BYTES - 1000)
    expect(
      candidatesIn(windowed(fileBlob('a.txt', content), WINDOW_BYTES, OVERLAP_BYTES)).map(
        ({ parts }) => parts.length,
      ),
    ).toEqual([2])
  })

  test('forgets a blob with its last window, and returns the candidates of one without a last window', () => {
    const detector = engine.detector()
    const [cutPair, nextPair] = [awsPair(6800), awsPair(6801)]
    const content = Buffer.alloc(WINDOW_BYTES + 100_000, 'lorem ipsum\n')
    content.write(keys(cutPair), 5000)
    const [first] = windowed(fileBlob('large.txt', content), WINDOW_BYTES, OVERLAP_BYTES)
    expect(detector.detect(first!)).toEqual([])
    const next = detector.detect(fileBlob('next.txt', `\n\n${keys(nextPair)}`))
    expect(
      next.map(({ blob, parts }) => `${blob.id} ${parts[0].secret.reveal()} ${parts[0].span.line}`),
    ).toEqual([
      `large.txt ${cutPair.secret} ${lineFeeds(content.subarray(0, 5000)) + 2}`,
      `next.txt ${nextPair.secret} 4`,
    ])
    expect(detector.detect(first!)).toEqual([])
    expect(detector.end().map(({ blob }) => blob.id)).toEqual(['large.txt'])
    expect(detector.end()).toEqual([])
  })

  test('keeps the line around a secret, cut to a few hundred bytes, for inline markers', () => {
    const token = githubToken(6900)
    const [near] = candidatesIn([
      fileBlob('a.txt', `before\n  token: ${token} # oakum:allow test\nafter\n`),
    ])
    expect(near?.parts[0].line.reveal()).toBe(`  token: ${token} # oakum:allow test`)
    const [far] = candidatesIn([
      fileBlob('a.txt', `${'x '.repeat(5000)}${token}${' y'.repeat(5000)}`),
    ])
    expect(far?.parts[0].line.reveal().length).toBe(token.length + 800)
  })

  test('finds secrets in objects with NUL bytes that are no blobs, such as trees', () => {
    const pair = awsPair(7000)
    const tree = Buffer.concat([
      Buffer.from(`100644 ${pair.id}\0`),
      Buffer.alloc(20, 1),
      Buffer.from(`100644 AWS_SECRET_ACCESS_KEY=${pair.secret}\0`),
      Buffer.alloc(20, 2),
    ])
    const candidates = candidatesIn([fileBlob('tree', tree, { kind: 'tree' })])
    expectSpans(tree, candidates)
    expect(candidates.map(({ parts }) => parts.length)).toEqual([2])
  })
})
