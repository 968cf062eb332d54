import type { PageFinding } from '../src/report/html/model.ts'
import { shape } from './elements.ts'
import { lifeOf } from './periods.ts'

const [width, height, radius] = [160, 16, 4] as const

/** Where all lifelines begin and end, in milliseconds since 1970. */
export interface Span {
  readonly from: number
  readonly to: number
}

/**
 * From when a finding came to when it left HEAD: an open end where HEAD has it, a broken one where
 * that is not known.
 */
export function lifeline(finding: PageFinding, { from, to }: Span): Node | undefined {
  const life = lifeOf(finding)
  if (life === undefined) return undefined
  const room = width - 2 * radius
  const xOf = (time: number): number =>
    radius + (to === from ? room / 2 : (room * (Math.min(time, to) - from)) / (to - from))
  const [start, end] = [xOf(life.came), life.left === undefined ? width : xOf(life.left)]
  const middle = height / 2
  return shape(
    'svg',
    {
      class: `lifeline fill-${finding.severity}`,
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': lifeText(finding),
    },
    [
      shape('line', { class: 'ground', x1: 0, x2: width, y1: middle, y2: middle }),
      shape('line', {
        class: life.left === undefined ? 'span unknown' : 'span',
        x1: start,
        x2: Math.max(end, start),
        y1: middle,
        y2: middle,
      }),
      shape('circle', { cx: start, cy: middle, r: radius }),
      ...(life.left === undefined
        ? []
        : life.left === Infinity
          ? [
              shape('path', {
                d: `M ${width - 7} ${middle - 5} L ${width} ${middle} L ${width - 7} ${middle + 5} Z`,
              }),
            ]
          : [shape('line', { class: 'end', x1: end, x2: end, y1: 2, y2: height - 2 })]),
    ],
  )
}

/** The same in words. */
export function lifeText({ first, removed, inHead, inHeadHistory }: PageFinding): string {
  if (first === null) return ''
  const came = first.date.slice(0, 10)
  if (inHead === true) return `${came} → in HEAD`
  if (removed === null && inHeadHistory === false) return `${came}, never in HEAD`
  return removed === null ? `${came} → not in HEAD` : `${came} → ${removed.date.slice(0, 10)}`
}
