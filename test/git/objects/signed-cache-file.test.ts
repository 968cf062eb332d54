import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { arrayOf, isBytes, isString, objectOf } from '../../../src/git/objects/shape.ts'
import { type CacheLocation, SignedCacheFile } from '../../../src/git/objects/signed-cache-file.ts'
import { temporaryFolder } from '../../support/repo.ts'

interface Content {
  readonly ids: readonly string[]
  readonly bytes: Uint8Array
}

const isContent = objectOf<Content>({ ids: arrayOf(isString), bytes: isBytes })
const content: Content = { ids: ['3b18'], bytes: Uint8Array.of(0, 10, 255) }

function newLocation(): CacheLocation {
  return { folder: temporaryFolder(), keyFile: join(temporaryFolder(), 'key') }
}

function fileIn(location: CacheLocation, digest = ''): SignedCacheFile<Content> {
  return new SignedCacheFile(location, 'history', isContent, digest)
}

function isAnything(_value: unknown): _value is unknown {
  return true
}

describe('a signed cache file', () => {
  test('gives back what was written', () => {
    const location = newLocation()
    expect(fileIn(location).read()).toBeUndefined()
    fileIn(location).write(content)
    expect(fileIn(location).read()).toEqual(content)
  })

  test('of another format is ignored', () => {
    const location = newLocation()
    const isOther = objectOf<{ readonly ids: string }>({ ids: isString })
    new SignedCacheFile(location, 'history', isOther).write({ ids: '3b18' })
    expect(new SignedCacheFile(location, 'history', isOther).read()).toEqual({ ids: '3b18' })
    expect(fileIn(location).read()).toBeUndefined()
  })

  test('signed with another key is ignored', () => {
    const location = newLocation()
    fileIn(location).write(content)
    expect(fileIn({ ...location, keyFile: newLocation().keyFile }).read()).toBeUndefined()
  })

  test('of another name, or that was changed, is ignored', () => {
    const location = newLocation()
    fileIn(location).write(content)
    const path = join(location.folder, 'oakum', 'history.json')
    const file = readFileSync(path)
    writeFileSync(join(location.folder, 'oakum', 'history-1.json'), file)
    expect(fileIn(location, '1').read()).toBeUndefined()
    for (const at of [0, 63, 64, 65, file.length - 1]) {
      const changed = Buffer.from(file)
      changed[at] = (changed[at] ?? 0) ^ 1
      writeFileSync(path, changed)
      expect(fileIn(location).read(), `byte ${at}`).toBeUndefined()
    }
  })

  test('that is too large is not read', () => {
    const location = newLocation()
    mkdirSync(join(location.folder, 'oakum'))
    const path = join(location.folder, 'oakum', 'history.json')
    writeFileSync(path, '')
    truncateSync(path, 3 * 2 ** 30)
    expect(fileIn(location).read()).toBeUndefined()
  })

  test('is left out where the folder cannot be made', () => {
    const location = newLocation()
    writeFileSync(join(location.folder, 'oakum'), '')
    fileIn(location).write(content)
    expect(fileIn(location).read()).toBeUndefined()
  })

  test('is one of at most eight of its subject', () => {
    const location = newLocation()
    for (let digest = 0; digest < 12; digest += 1) fileIn(location, `${digest}`).write(content)
    expect(readdirSync(join(location.folder, 'oakum'))).toHaveLength(8)
  })

  test('throws what is no failure of a file', () => {
    const cyclic: { self?: unknown } = {}
    cyclic.self = cyclic
    const file = new SignedCacheFile<unknown>(newLocation(), 'history', isAnything)
    expect(() => file.write(cyclic)).toThrow(TypeError)
  })
})
