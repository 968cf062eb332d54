/** Compares the scan of trees in WebAssembly with the plain one. */
import { describe, expect, test } from 'vitest'
import { ByteStrings } from '../../../../src/git/attribution/index/byte-strings.ts'
import { FolderScan, scanTree } from '../../../../src/git/attribution/history/folder-scan.ts'
import { PrefixSet } from '../../../../src/git/attribution/index/prefix-set.ts'
import { seededRandom } from '../../../support/random.ts'
import { rounds } from '../../../support/rounds.ts'

const modes = [
  '100644',
  '100644',
  '100644',
  '100755',
  '120000',
  '160000',
  '40000',
  '40000',
  '040000',
  '400001',
  '60000',
  '100664',
  '7',
  '',
]
const names = [
  'a',
  'src',
  '.env',
  'a-name-of-some-length',
  'x'.repeat(35),
  'x'.repeat(36),
  'y'.repeat(300),
  '\u00e4',
]

interface Scene {
  readonly idBytes: number
  readonly wanted: ByteStrings
  readonly ids: readonly Buffer[]
}

function sceneOf(random: () => number, idBytes: number): Scene {
  const ids = Array.from({ length: 60 }, () =>
    Buffer.from(Array.from({ length: idBytes }, () => Math.floor(random() * 256))),
  )
  // Some begin alike, and one is nothing but zeros.
  ids.forEach((id, at) => at % 5 === 0 && ids[at + 1]?.copy(id, 0, 0, 4))
  ids.push(Buffer.alloc(idBytes))
  const wanted = new ByteStrings()
  for (const id of ids.slice(0, 10)) wanted.numberOf(id, 0, idBytes)
  return { idBytes, wanted, ids }
}

function pick<T>(random: () => number, from: readonly T[]): T {
  const one = from[Math.floor(random() * from.length)]
  if (one === undefined) throw new Error('nothing to pick')
  return one
}

function treeOf(random: () => number, { ids }: Scene, most: number): Buffer {
  return Buffer.concat(
    Array.from({ length: Math.floor(random() * most) }, () =>
      Buffer.concat([
        Buffer.from(`${pick(random, modes)} ${pick(random, names)}\0`),
        pick(random, ids),
      ]),
    ),
  )
}

/** `<mode> <name>\0<id>` of each entry that is a folder, or wanted. */
function ofInterest(
  bytes: Buffer,
  offsets: readonly number[],
  { idBytes, wanted }: Scene,
): readonly string[] {
  return offsets.flatMap((mode) => {
    const id = bytes.indexOf(0, bytes.indexOf(0x20, mode) + 1) + 1
    const isFolder = bytes[mode] !== 0x31
    return isFolder || wanted.find(bytes, id, id + idBytes) >= 0
      ? bytes.toString('latin1', mode, id + idBytes)
      : []
  })
}

function slowly(
  bytes: Buffer,
  scene: Scene,
): { readonly end: number; readonly entries: readonly string[] } {
  const offsets: number[] = []
  const end = scanTree(bytes, scene.idBytes, PrefixSet.of(scene.wanted), (entry) =>
    offsets.push(entry.modeStart),
  )
  return { end, entries: ofInterest(bytes, offsets, scene) }
}

/** Gives each new folder a number, and recognises it by the number. */
class Fast {
  readonly #scan: FolderScan
  readonly #scene: Scene
  readonly #known: string[] = []
  recalled = 0

  constructor(scene: Scene) {
    const scan = FolderScan.for(scene.wanted, scene.idBytes)
    if (scan === undefined) throw new Error('this Node has no vectors')
    this.#scan = scan
    this.#scene = scene
  }

  look(bytes: Buffer): ReturnType<typeof slowly> | undefined {
    const noted = this.#scan.scan(bytes)
    if (noted === undefined) return undefined
    const entries = [...noted.entries].flatMap((entry) => {
      if (entry < 0) return this.#meet(bytes, ~entry)
      this.recalled += 1
      return this.#known[entry] ?? []
    })
    return { end: noted.end, entries }
  }

  #meet(bytes: Buffer, mode: number): readonly string[] {
    const [text] = ofInterest(bytes, [mode], this.#scene)
    if (text === undefined) return []
    if (text.startsWith('40000 ')) this.#scan.number(mode, this.#known.push(text) - 1)
    return [text]
  }
}

describe.each([20, 32])('trees with ids of %i bytes', (idBytes) => {
  test('whole, cut and malformed ones give the same entries and the same end', () => {
    const random = seededRandom(8800 + idBytes)
    const scene = sceneOf(random, idBytes)
    const fast = new Fast(scene)
    for (let round = 0; round < rounds(6000); round += 1) {
      const tree = treeOf(random, scene, round % 100 === 0 ? 400 : 12)
      if (random() < 0.2 && tree.length > 0)
        tree[Math.floor(random() * tree.length)] = Math.floor(random() * 256)
      const bytes =
        random() < 0.5 ? tree : tree.subarray(0, Math.floor(random() * (tree.length + 1)))
      expect(fast.look(bytes)).toEqual(slowly(bytes, scene))
    }
    expect(fast.recalled).toBeGreaterThan(rounds(100))
  })

  test('with more folders than there is room for are left to the plain scan', () => {
    const scene = sceneOf(seededRandom(8900), idBytes)
    const entry = Buffer.concat([Buffer.from('40000 a\0'), scene.ids[20] ?? Buffer.alloc(0)])
    const most = 1 << 14
    const fast = new Fast(scene)
    expect(fast.look(Buffer.concat(Array(most).fill(entry)))?.entries).toHaveLength(most)
    expect(fast.look(Buffer.concat(Array(most + 1).fill(entry)))).toBeUndefined()
  })
})
