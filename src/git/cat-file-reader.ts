import type { Skip } from '../model.ts'
import { BatchParser, MalformedOutput } from './cat-file.ts'
import { linesOf } from './lines.ts'
import type { GitObject, ObjectBatch, ObjectReader } from './objects.ts'
import { type GitPlace, startGit } from './run.ts'
import { soonest } from './soonest.ts'

/** Gives names of objects in blocks; shared by the lanes. */
type Blocks = AsyncIterator<readonly string[]>

/**
 * Reads objects through `git cat-file --batch`: always right, and the meaning of any faster reader.
 * Several gits (`lanes`) share the list, since one is slower than a scan. Larger blobs are skipped (bounded).
 */
export function catFileReader(place: GitPlace, lanes: number, maxBlobBytes = Infinity): ObjectReader {
  const read = (count: number, blocks: Blocks, signal: AbortSignal) => soonest(Array.from({ length: count }, () => lane(place, blocks, maxBlobBytes, signal)))
  return {
    name: 'cat-file',
    async *all(signal) {
      const list = startGit({ ...place, args: ['cat-file', '--batch-all-objects', '--batch-check=%(objectname)', '--unordered', '--buffer'], signal })
      yield* read(lanes, linesOf(list.stdout), signal)
      const failure = await list.failure
      if (failure !== undefined && !signal.aborted) yield [{ outcome: 'failed', reason: 'git-failed', detail: failure }]
    },
    some: (ids, signal) => read(ids.length > 10_000 ? lanes : 1, oneBlock(ids), signal),
  }
}

/** One git after the other: it ends at an object it cannot read, and those behind that one are fine. */
async function* lane(place: GitPlace, blocks: Blocks, maxBlobBytes: number, signal: AbortSignal): AsyncGenerator<ObjectBatch> {
  const asked = new Asked(blocks)
  while (!asked.isDone()) {
    const git = startGit({ ...place, args: ['cat-file', '--batch', '--buffer'], input: asked.input(), signal })
    try {
      const parser = new BatchParser()
      for await (const chunk of git.stdout) {
        yield given(parser.push(chunk), asked, maxBlobBytes)
      }
    } catch (error) {
      if (!(error instanceof MalformedOutput)) throw error
      git.stop(error.message)
    }
    const failure = await git.failure
    if (signal.aborted) return
    if (failure === undefined && asked.isDone()) return
    const id = asked.giveUpNext()
    yield [failed(id, failure ?? 'git ended without giving it')]
    if (id === undefined) return
  }
}

/** Names that one lane took from the list, and how many of them were answered. */
class Asked {
  readonly #blocks: Blocks
  #ids: string[] = []
  #answered = 0
  #listEnded = false

  constructor(blocks: Blocks) {
    this.#blocks = blocks
  }

  /** First what an earlier git left unanswered, then more of the list. */
  async *input(): AsyncGenerator<string> {
    this.#ids = this.#ids.slice(this.#answered)
    this.#answered = 0
    if (this.#ids.length > 0) yield asInput(this.#ids)
    for (let step = await this.#blocks.next(); !step.done; step = await this.#blocks.next()) {
      this.#ids = [...this.#ids.slice(this.#answered), ...step.value]
      this.#answered = 0
      yield asInput(step.value)
    }
    this.#listEnded = true
  }

  answer(): void {
    this.#answered += 1
  }

  isDone(): boolean {
    return this.#listEnded && this.#answered >= this.#ids.length
  }

  /** The name that git ended at, which is not asked for again. */
  giveUpNext(): string | undefined {
    const id = this.#ids[this.#answered]
    this.#answered += id === undefined ? 0 : 1
    return id
  }
}

function* given(objects: ReturnType<BatchParser['push']>, asked: Asked, maxBlobBytes: number): Generator<GitObject | Skip> {
  for (const object of objects) {
    if ('missing' in object) yield { outcome: 'failed', reason: 'missing', object: object.id }
    else if (object.kind !== 'blob' || object.size <= maxBlobBytes) yield object
    else if (object.start === 0) yield { outcome: 'bounded', reason: 'too-large', object: object.id, detail: `${object.size} bytes` }
    if ('missing' in object || object.last) asked.answer()
  }
}

function failed(object: string | undefined, detail: string): Skip {
  return object === undefined ? { outcome: 'failed', reason: 'git-failed', detail } : { outcome: 'failed', reason: 'corrupt', object, detail }
}

function asInput(ids: readonly string[]): string {
  return `${ids.join('\n')}\n`
}

/** No block for no names: an empty line would ask git for an object without a name. */
async function* oneBlock(ids: readonly string[]): AsyncGenerator<readonly string[]> {
  if (ids.length > 0) yield ids
}
