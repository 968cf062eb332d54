/** The drawing of the timeline: credentials in HEAD above, bars of introduced and removed below. */
import { svgElement } from './elements.ts'
import { type Period, severityNames } from './periods.ts'
import type { Store } from './store.ts'

/** Dimensions in units of the drawing. `head` is the upper panel, `bars` the lower one. */
const chartLayout = {
  width: 960,
  left: 40,
  right: 12,
  headTop: 20,
  headHeight: 56,
  barsTop: 104,
  barsHeight: 128,
  bottom: 24,
} as const

const headBottom = chartLayout.headTop + chartLayout.headHeight
const barsBottom = chartLayout.barsTop + chartLayout.barsHeight
const chartHeight = barsBottom + chartLayout.bottom

/** Maximum number of labels on the time axis. */
const MAX_LABELS = 10

/** A bar is at least this high, so that one credential among hundreds is visible. */
const MIN_BAR_HEIGHT = 1.5

/** Minimum distance between two labels on the vertical axis. */
const MIN_LABEL_DISTANCE = 14

interface Scale {
  /** The left edge of a period. */
  readonly xOf: (index: number) => number
  readonly periodWidth: number
  /** The line between the bars of introduced and of removed credentials. */
  readonly zero: number
  /** The height of one credential in a bar. */
  readonly unit: number
  /** The largest number of credentials in HEAD. */
  readonly maxInHead: number
}

/** Draws the timeline. Each period with changes is a button that filters by it. */
export function chart(periods: readonly Period[], store: Store): Node {
  const scale = scaleOf(periods)
  return svgElement(
    'svg',
    {
      class: 'chart',
      viewBox: `0 0 ${chartLayout.width} ${chartHeight}`,
      role: 'group',
      'aria-label': 'Credentials introduced and removed, by period',
    },
    [
      ...axes(periods, scale),
      headArea(periods, scale),
      ...periods.map((period, index) => periodBars(period, index, scale, store)),
    ],
  )
}

/** The number of credentials of all severities that were introduced in a period. */
export function totalIntroduced({ introduced }: Period): number {
  return severityNames.reduce((sum, severity) => sum + introduced[severity], 0)
}

function scaleOf(periods: readonly Period[]): Scale {
  const periodWidth = (chartLayout.width - chartLayout.left - chartLayout.right) / periods.length
  const maxIntroduced = Math.max(1, ...periods.map(totalIntroduced))
  const maxRemoved = Math.max(0, ...periods.map(({ removed }) => removed))
  const unit = chartLayout.barsHeight / (maxIntroduced + maxRemoved)
  return {
    xOf: (index) => chartLayout.left + index * periodWidth,
    periodWidth,
    unit,
    zero: chartLayout.barsTop + maxIntroduced * unit,
    maxInHead: Math.max(1, ...periods.map(({ inHead }) => inHead)),
  }
}

function axes(periods: readonly Period[], scale: Scale): readonly Node[] {
  const { xOf, periodWidth, zero, maxInHead, unit } = scale
  const labelStep = Math.ceil(periods.length / MAX_LABELS)
  const maxIntroduced = Math.round((zero - chartLayout.barsTop) / unit)
  const maxRemoved = Math.round((barsBottom - zero) / unit)
  const labelRight = chartLayout.left - 6
  const isZeroLabelHidden = maxRemoved > 0 && barsBottom - zero < MIN_LABEL_DISTANCE
  return [
    axisLine(headBottom),
    axisLine(zero),
    axisLabel('In HEAD', chartLayout.left, chartLayout.headTop - 8, 'start'),
    axisLabel('Introduced and removed', chartLayout.left, chartLayout.barsTop - 8, 'start'),
    axisLabel(String(maxInHead), labelRight, chartLayout.headTop + 8, 'end'),
    axisLabel('0', labelRight, headBottom, 'end'),
    axisLabel(`+${maxIntroduced}`, labelRight, chartLayout.barsTop + 8, 'end'),
    ...(isZeroLabelHidden ? [] : [axisLabel('0', labelRight, zero + 4, 'end')]),
    ...(maxRemoved === 0 ? [] : [axisLabel(`−${maxRemoved}`, labelRight, barsBottom + 2, 'end')]),
    ...periods.flatMap(({ label }, index) =>
      index % labelStep === 0
        ? [axisLabel(label, xOf(index) + periodWidth / 2, chartHeight - 6, 'middle')]
        : [],
    ),
  ]
}

function axisLine(y: number): Node {
  const x2 = chartLayout.width - chartLayout.right
  return svgElement('line', { class: 'axis', x1: chartLayout.left, x2, y1: y, y2: y })
}

function axisLabel(text: string, x: number, y: number, anchor: string): Node {
  return svgElement('text', { x, y, 'text-anchor': anchor, 'aria-hidden': 'true' }, [text])
}

/** The area of credentials in HEAD, drawn in steps because values hold for a whole period. */
function headArea(periods: readonly Period[], { xOf, periodWidth, maxInHead }: Scale): Node {
  const points = periods.flatMap(({ inHead }, index) => {
    const y = headBottom - (chartLayout.headHeight * inHead) / maxInHead
    return [`${xOf(index)},${y}`, `${xOf(index) + periodWidth},${y}`]
  })
  return svgElement('polygon', {
    class: 'in-head',
    points: [
      `${chartLayout.left},${headBottom}`,
      ...points,
      `${xOf(periods.length)},${headBottom}`,
    ].join(' '),
  })
}

function periodBars(period: Period, index: number, scale: Scale, store: Store): Node {
  const { xOf, periodWidth } = scale
  const total = totalIntroduced(period)
  const { label, removed, inHead } = period
  const text = `${label}: ${total} introduced, ${removed} removed, ${inHead} in HEAD at its end`
  const hitArea = svgElement('rect', {
    class: 'hit-area',
    x: xOf(index),
    y: chartLayout.headTop,
    width: periodWidth,
    height: barsBottom - chartLayout.headTop,
  })
  const gap = Math.min(periodWidth * 0.12, 3)
  const column = { x: xOf(index) + gap, width: Math.max(1, periodWidth - 2 * gap) }
  const children = [
    svgElement('title', {}, [text]),
    hitArea,
    ...introducedBars(period, column, scale),
    ...removedBar(period, column, scale),
  ]
  return total + period.removed === 0
    ? svgElement('g', { 'aria-hidden': 'true' }, children)
    : periodButton(period, text, children, store)
}

interface BarColumn {
  readonly x: number
  readonly width: number
}

/** Bars stacked upwards from the zero line, the mildest severity first. */
function introducedBars(
  { introduced }: Period,
  column: BarColumn,
  { zero, unit }: Scale,
): readonly Node[] {
  let y: number = zero
  return severityNames.toReversed().flatMap((severity) => {
    const height = barHeight(introduced[severity], unit)
    y -= height
    return height === 0
      ? []
      : [svgElement('rect', { class: `fill-${severity}`, ...column, y, height })]
  })
}

function removedBar(
  { removed }: Period,
  column: BarColumn,
  { zero, unit }: Scale,
): readonly Node[] {
  if (removed === 0) return []
  const height = barHeight(removed, unit)
  return [svgElement('rect', { class: 'fill-removed', ...column, y: zero, height })]
}

function barHeight(count: number, unit: number): number {
  return count === 0 ? 0 : Math.max(MIN_BAR_HEIGHT, count * unit)
}

function periodButton(
  { from, to, label }: Period,
  text: string,
  children: readonly Node[],
  store: Store,
): Node {
  const isChosen = (): boolean => store.filter().period?.from === from
  const toggle = (): void => store.choose({ period: isChosen() ? undefined : { from, to, label } })
  const onKey = (event: Event): void => {
    if (!(event instanceof KeyboardEvent) || (event.key !== 'Enter' && event.key !== ' ')) return
    event.preventDefault()
    toggle()
  }
  const button = svgElement(
    'g',
    {
      class: 'period',
      role: 'button',
      tabindex: 0,
      'aria-pressed': 'false',
      'aria-label': text,
      click: toggle,
      keydown: onKey,
    },
    children,
  )
  store.listen(() => button.setAttribute('aria-pressed', String(isChosen())))
  return button
}
