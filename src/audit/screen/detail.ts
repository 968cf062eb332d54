/** Details page of the selected finding. */
import type { Paint } from '../../report/terminal/colour.ts'
import { type DetailsLine, findingDetailLines } from '../verdict/finding-details.ts'
import type { ScreenState } from './state.ts'

/** Returns the lines of the details page. */
export function detailLines(state: ScreenState, paint: Paint): readonly DetailsLine[] {
  const finding = state.findings.get(state.selected ?? '')
  if (finding === undefined) return []
  const { fingerprint } = finding
  const contexts = state.contexts.get(fingerprint) ?? new Map()
  return findingDetailLines(
    finding,
    {
      life: state.lives.get(fingerprint),
      contexts:
        state.revealed === undefined
          ? contexts
          : new Map([...contexts, [state.revealed.place, state.revealed.context] as const]),
      mark: state.marks.get(fingerprint),
      ...(state.page === 'detail' && { currentPlace: state.place }),
      ...(state.page === 'detail' && {
        waitingText:
          state.scan.status === 'done' ? 'reading history …' : 'known when the scan is done',
      }),
    },
    { columns: Math.max(40, state.columns - 2), paint, breaksLongWords: true },
  )
}
