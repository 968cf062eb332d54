import type { PageFinding } from '../src/report/html/model.ts'
import { counted, element, section, shape } from './elements.ts'
import { lifeOf, type Period, periodsOf, severityNames } from './periods.ts'
import type { Store } from './store.ts'

/** In units of the drawing. `held` is the upper panel, `bars` the lower one. */
const layout = {
  width: 960,
  left: 40,
  right: 12,
  heldTop: 20,
  heldHeight: 56,
  barsTop: 104,
  barsHeight: 128,
  bottom: 24,
} as const

const chartHeight = layout.barsTop + layout.barsHeight + layout.bottom

interface Scale {
  readonly xOf: (index: number) => number
  readonly step: number
  readonly zero: number
  readonly unit: number
  readonly held: number
}

/**
 * When credentials came and when they left: bars to choose a period by, and the same as a table.
 */
export function timeline(
  findings: readonly PageFinding[],
  end: number,
  store: Store,
): HTMLElement | undefined {
  const periods = periodsOf(findings, end)
  if (periods.length === 0) return undefined
  const scale = scaleOf(periods)
  const drawing = shape(
    'svg',
    {
      class: 'chart',
      viewBox: `0 0 ${layout.width} ${chartHeight}`,
      role: 'group',
      'aria-label': 'Credentials that came and left, by period',
    },
    [
      ...axes(periods, scale),
      heldArea(periods, scale),
      ...periods.map((period, index) => periodBars(period, index, scale, store)),
    ],
  )
  return section('timeline', 'When credentials came and left', [
    element('p', { class: 'lead' }, [captionOf(findings, periods)]),
    element('div', { class: 'scroll' }, [drawing]),
    legend(),
    element('details', { class: 'plain' }, [
      element('summary', {}, ['The same as a table']),
      tableOf(periods),
    ]),
  ])
}

function scaleOf(periods: readonly Period[]): Scale {
  const step = (layout.width - layout.left - layout.right) / periods.length
  const up = Math.max(1, ...periods.map(totalOf))
  const down = Math.max(0, ...periods.map(({ left }) => left))
  const unit = layout.barsHeight / (up + down)
  return {
    xOf: (index) => layout.left + index * step,
    step,
    unit,
    zero: layout.barsTop + up * unit,
    held: Math.max(1, ...periods.map(({ held }) => held)),
  }
}

function totalOf({ came }: Period): number {
  return severityNames.reduce((sum, severity) => sum + came[severity], 0)
}

function axes(periods: readonly Period[], { xOf, step, zero, held, unit }: Scale): readonly Node[] {
  const every = Math.ceil(periods.length / 10)
  const bottom = layout.heldTop + layout.heldHeight
  const [up, down] = [
    Math.round((zero - layout.barsTop) / unit),
    Math.round((layout.barsTop + layout.barsHeight - zero) / unit),
  ]
  const line = (y: number): Node =>
    shape('line', { class: 'axis', x1: layout.left, x2: layout.width - layout.right, y1: y, y2: y })
  return [
    line(bottom),
    line(zero),
    axisLabel('In HEAD', layout.left, layout.heldTop - 8, 'start'),
    axisLabel('Came in and left', layout.left, layout.barsTop - 8, 'start'),
    axisLabel(String(held), layout.left - 6, layout.heldTop + 8, 'end'),
    axisLabel('0', layout.left - 6, bottom, 'end'),
    axisLabel(`+${up}`, layout.left - 6, layout.barsTop + 8, 'end'),
    // Two labels need some room between them.
    ...(layout.barsTop + layout.barsHeight - zero < 14 && down > 0
      ? []
      : [axisLabel('0', layout.left - 6, zero + 4, 'end')]),
    ...(down === 0
      ? []
      : [axisLabel(`−${down}`, layout.left - 6, layout.barsTop + layout.barsHeight + 2, 'end')]),
    ...periods.flatMap((period, index) =>
      index % every === 0
        ? [axisLabel(period.label, xOf(index) + step / 2, chartHeight - 6, 'middle')]
        : [],
    ),
  ]
}

function axisLabel(text: string, x: number, y: number, anchor: string): Node {
  return shape('text', { x, y, 'text-anchor': anchor, 'aria-hidden': 'true' }, [text])
}

/** Steps, since nothing happens between two periods. */
function heldArea(periods: readonly Period[], { xOf, step, held }: Scale): Node {
  const bottom = layout.heldTop + layout.heldHeight
  const points = periods.flatMap((period, index) => {
    const y = bottom - (layout.heldHeight * period.held) / held
    return [`${xOf(index)},${y}`, `${xOf(index) + step},${y}`]
  })
  return shape('polygon', {
    class: 'held',
    points: [`${layout.left},${bottom}`, ...points, `${xOf(periods.length)},${bottom}`].join(' '),
  })
}

function periodBars(period: Period, index: number, scale: Scale, store: Store): Node {
  const { xOf, step, zero, unit } = scale
  const [x, width] = [
    xOf(index) + Math.min(step * 0.12, 3),
    Math.max(1, step - 2 * Math.min(step * 0.12, 3)),
  ]
  let y = zero
  const bars = severityNames.toReversed().flatMap((severity) => {
    const height = heightOf(period.came[severity], unit)
    y -= height
    return height === 0 ? [] : [shape('rect', { class: `fill-${severity}`, x, y, width, height })]
  })
  const text = `${period.label}: ${totalOf(period)} came in, ${period.left} left, ${period.held} in HEAD at its end`
  const face = shape('rect', {
    class: 'face',
    x: xOf(index),
    y: layout.heldTop,
    width: step,
    height: layout.barsTop + layout.barsHeight - layout.heldTop,
  })
  const children = [
    shape('title', {}, [text]),
    face,
    ...bars,
    ...(period.left === 0
      ? []
      : [
          shape('rect', {
            class: 'fill-left',
            x,
            y: zero,
            width,
            height: heightOf(period.left, unit),
          }),
        ]),
  ]
  if (totalOf(period) + period.left === 0) return shape('g', { 'aria-hidden': 'true' }, children)
  return periodButton(period, text, children, store)
}

/** One among hundreds is still to be seen. */
function heightOf(count: number, unit: number): number {
  return count === 0 ? 0 : Math.max(1.5, count * unit)
}

function periodButton(
  { from, to, label }: Period,
  text: string,
  children: readonly Node[],
  store: Store,
): Node {
  const choose = (): void =>
    store.choose({ period: store.filter().period?.from === from ? undefined : { from, to, label } })
  const onKey = (event: Event): void => {
    if (!(event instanceof KeyboardEvent) || (event.key !== 'Enter' && event.key !== ' ')) return
    event.preventDefault()
    choose()
  }
  const button = shape(
    'g',
    {
      class: 'period',
      role: 'button',
      tabindex: 0,
      'aria-pressed': 'false',
      'aria-label': text,
      click: choose,
      keydown: onKey,
    },
    children,
  )
  store.listen(() =>
    button.setAttribute('aria-pressed', String(store.filter().period?.from === from)),
  )
  return button
}

function captionOf(findings: readonly PageFinding[], periods: readonly Period[]): string {
  const lives = findings.map(lifeOf)
  const left = lives.filter((life) => life?.left !== undefined && life.left !== Infinity).length
  const inHead = findings.filter((finding) => finding.inHead === true).length
  const others = findings.filter(
    (finding) => lifeOf(finding) !== undefined && lifeOf(finding)?.left === undefined,
  )
  const never = others.filter(({ inHeadHistory }) => inHeadHistory === false).length
  const unknown = others.length - never
  const without = lives.filter((life) => life === undefined).length
  return [
    `${counted(findings.length - without, 'credential')} came in between ${periods[0]?.label ?? ''} and ${periods.at(-1)?.label ?? ''}. HEAD holds ${inHead.toLocaleString('en-US')}; ${left.toLocaleString('en-US')} left it, and stay in history.`,
    ...(never === 0
      ? []
      : [
          `${never.toLocaleString('en-US')} never were in it: only other branches, tags or stashes have them.`,
        ]),
    ...(unknown === 0
      ? []
      : [
          `Of ${unknown.toLocaleString('en-US')} that HEAD does not hold, history does not tell when they left it.`,
        ]),
    ...(without === 0
      ? []
      : [
          `${counted(without, 'credential')} came with no commit that is known, so without a date.`,
        ]),
    'Choose a period to see only what came or left in it.',
  ].join(' ')
}

function legend(): HTMLElement {
  return element('ul', { class: 'legend' }, [
    ...severityNames.map((severity) => legendEntry(severity, `came in, ${severity}`)),
    legendEntry('left', 'left HEAD'),
    legendEntry('held', 'in HEAD'),
  ])
}

function legendEntry(name: string, text: string): HTMLElement {
  return element('li', {}, [
    element('span', { class: `swatch back-${name}`, 'aria-hidden': 'true' }),
    text,
  ])
}

function tableOf(periods: readonly Period[]): HTMLElement {
  const rows = periods.filter((period) => totalOf(period) + period.left > 0)
  return element(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Periods as a table' },
    [
      element('table', {}, [
        element('thead', {}, [
          element('tr', {}, cellsOf('th', ['period', ...severityNames, 'left', 'in HEAD'])),
        ]),
        element(
          'tbody',
          {},
          rows.map((period) =>
            element(
              'tr',
              {},
              cellsOf('td', [
                period.label,
                ...severityNames.map((severity) => String(period.came[severity])),
                String(period.left),
                String(period.held),
              ]),
            ),
          ),
        ),
      ]),
    ],
  )
}

function cellsOf(tag: 'th' | 'td', texts: readonly string[]): readonly Node[] {
  return texts.map((text) => element(tag, tag === 'th' ? { scope: 'col' } : {}, [text]))
}
