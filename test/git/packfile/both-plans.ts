import { expect } from 'vitest'
import { planStore, type StorePlan } from '../../../src/git/packfile/plan/plan.ts'
import {
  plainMemory,
  type PlanMemory,
  planMemory,
} from '../../../src/git/packfile/plan/plan-memory.ts'
import { closePacks } from '../../../src/git/packfile/store.ts'

/**
 * What a store is planned to by the loops in WebAssembly, and by their twins; be it why there can
 * be no plan.
 */
export function plansOf(
  objects: string,
  idBytes = 20,
): { readonly fast: unknown; readonly slow: unknown } {
  return {
    fast: planned(objects, idBytes, planMemory),
    slow: planned(objects, idBytes, plainMemory),
  }
}

function planned(
  objects: string,
  idBytes: number,
  memoryOf: (bytes: number) => PlanMemory,
): unknown {
  let store: StorePlan | undefined
  try {
    store = planStore(objects, idBytes, memoryOf)
    const { entries, families, names, packed, loose } = store
    expect(names.loops === undefined).toBe(memoryOf === plainMemory)
    const named = Array.from({ length: names.count }, (_, number) => names.nameOf(number))
    return {
      entries: columns(entries),
      families: columns(families),
      named,
      packed,
      loose: [...loose.keys()],
    }
  } catch (error) {
    return String(error)
  } finally {
    closePacks(store?.packs ?? [])
  }
}

/** Arrays compare by what is in them, wherever that lies. */
function columns(given: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [
      key,
      ArrayBuffer.isView(value) ? [...(value as Uint8Array)] : value,
    ]),
  )
}
