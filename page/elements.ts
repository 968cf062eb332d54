/**
 * Creates all elements of the page. Data from the report becomes text nodes or attributes that
 * hold neither addresses nor code, so it cannot act.
 */

type AttributeValue = string | number | boolean | ((event: Event) => void)
type Attributes = Readonly<Record<string, AttributeValue>>
type Child = Node | string

/**
 * Creates an HTML element. A function value is an event listener, `true` sets an attribute without
 * a value, and `false` omits it.
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  children: readonly Child[] = [],
): HTMLElementTagNameMap[Tag] {
  const created = document.createElement(tag)
  initialize(created, attributes, children)
  return created
}

/** Creates an SVG element. */
export function svgElement<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  children: readonly Child[] = [],
): SVGElementTagNameMap[Tag] {
  const created = document.createElementNS('http://www.w3.org/2000/svg', tag)
  initialize(created, attributes, children)
  return created
}

function initialize(target: Element, attributes: Attributes, children: readonly Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') target.addEventListener(name, value)
    else if (value !== false) target.setAttribute(name, value === true ? '' : String(value))
  }
  target.append(...children)
}

/** Formats a number as `1,234`. */
export function formatNumber(count: number): string {
  return count.toLocaleString('en-US')
}

/** Formats a count with its noun: `1 finding`, `1,234 findings`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatNumber(count)} ${count === 1 ? noun : plural}`
}

/** A sentence, with commands in backquotes set as code. */
export function sentence(text: string): readonly Child[] {
  return text
    .split('`')
    .map((piece, index) => (index % 2 === 1 ? element('code', {}, [piece]) : piece))
    .filter((child) => child !== '')
}

/** A list of names and values. Rows without a value are dropped. */
export function pairs(
  rows: readonly (readonly [name: string, value: readonly Child[]])[],
): HTMLElement {
  return element(
    'dl',
    { class: 'pairs' },
    rows
      .filter(([, value]) => value.length > 0)
      .map(([name, value]) =>
        element('div', {}, [element('dt', {}, [name]), element('dd', {}, value)]),
      ),
  )
}

/** A section of the page with its heading, labelled for screen readers. */
export function section(id: string, heading: string, children: readonly Child[]): HTMLElement {
  return element('section', { id, 'aria-labelledby': `${id}-heading` }, [
    element('h2', { id: `${id}-heading` }, [heading]),
    ...children,
  ])
}
