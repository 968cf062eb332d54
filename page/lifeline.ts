/** The small drawing of a credential's lifetime in each row of the list. */
import type { PageFinding } from '../src/report/html/model.ts'
import { svgElement } from './elements.ts'
import { type Lifetime, lifetimeOf } from './periods.ts'

/** Dimensions of the drawing, in units of its view box. */
const WIDTH = 160
const HEIGHT = 16
const MIDDLE = HEIGHT / 2
const RADIUS = 4

/** The time that all lifelines cover, in milliseconds since 1970. */
export interface TimeSpan {
  readonly from: number
  readonly to: number
}

/**
 * A line from the introduction of a credential to its removal. It ends in an arrow if the
 * credential is still in HEAD, and is dashed if the removal is unknown.
 */
export function lifeline(finding: PageFinding, { from, to }: TimeSpan): Node | undefined {
  const lifetime = lifetimeOf(finding)
  if (lifetime === undefined) return undefined
  const length = WIDTH - 2 * RADIUS
  const xOf = (time: number): number =>
    RADIUS + (to === from ? length / 2 : (length * (Math.min(time, to) - from)) / (to - from))
  const start = xOf(lifetime.introduced)
  const end = lifetime.removed === undefined ? WIDTH : xOf(lifetime.removed)
  return svgElement(
    'svg',
    {
      class: `lifeline fill-${finding.severity}`,
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      width: WIDTH,
      height: HEIGHT,
      role: 'img',
      'aria-label': lifetimeText(finding),
    },
    [
      svgElement('line', { class: 'ground', x1: 0, x2: WIDTH, y1: MIDDLE, y2: MIDDLE }),
      svgElement('line', {
        class: lifetime.removed === undefined ? 'span unknown' : 'span',
        x1: start,
        x2: Math.max(end, start),
        y1: MIDDLE,
        y2: MIDDLE,
      }),
      svgElement('circle', { cx: start, cy: MIDDLE, r: RADIUS }),
      ...endMark(lifetime, end),
    ],
  )
}

function endMark({ removed }: Lifetime, x: number): readonly Node[] {
  if (removed === undefined) return []
  if (removed !== Infinity)
    return [svgElement('line', { class: 'end', x1: x, x2: x, y1: 2, y2: HEIGHT - 2 })]
  const back = WIDTH - 7
  return [
    svgElement('path', {
      d: `M ${back} ${MIDDLE - 5} L ${WIDTH} ${MIDDLE} L ${back} ${MIDDLE + 5} Z`,
    }),
  ]
}

/** The lifetime in words: `2023-02-11 → 2024-05-01`. */
export function lifetimeText({ first, removed, inHead, inHeadHistory }: PageFinding): string {
  if (first === null) return ''
  const introduced = first.date.slice(0, 10)
  if (inHead === true) return `${introduced} → in HEAD`
  if (removed === null && inHeadHistory === false) return `${introduced}, never in HEAD`
  return removed === null
    ? `${introduced} → not in HEAD`
    : `${introduced} → ${removed.date.slice(0, 10)}`
}
