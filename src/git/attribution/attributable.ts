import type { Finding } from '../../model/model.ts'

/** Has history something to say of it? Of a file that no object was read for git was not asked. */
export function isAttributable({ places }: Finding): boolean {
  return places.some(({ origin }) => origin.object !== undefined || origin.commit !== undefined)
}
