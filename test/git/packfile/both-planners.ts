import { expect } from 'vitest'
import { planStore, type StorePlan } from '../../../src/git/packfile/plan/plan.ts'
import {
  plainMemory,
  type PlanMemory,
  planMemory,
} from '../../../src/git/packfile/plan/plan-memory.ts'
import { closePacks } from '../../../src/git/packfile/store.ts'

/** Plans a store in WebAssembly and in TypeScript. Returns both plans, or why there is none. */
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
    const { entries, chains, ids, packedCount, loose } = store
    expect(ids.loops === undefined).toBe(memoryOf === plainMemory)
    return {
      entries: columns(entries),
      chains: columns(chains),
      ids: Array.from({ length: ids.count }, (_, number) => ids.idOf(number)),
      packedCount,
      loose: [...loose.keys()],
    }
  } catch (error) {
    return String(error)
  } finally {
    closePacks(store?.packs ?? [])
  }
}

/** Copies typed arrays to plain ones, which compare by their numbers wherever these lie. */
function columns(arrays: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(arrays).map(([key, value]) => [
      key,
      ArrayBuffer.isView(value) ? [...(value as Uint8Array)] : value,
    ]),
  )
}
