/**
 * The one way in which elements are made: what is data becomes text or an attribute that holds no
 * address and no code.
 */

type Value = string | number | boolean | ((event: Event) => void)
type Attributes = Readonly<Record<string, Value>>
type Child = Node | string

/** An HTML element. A function is a listener, `true` an attribute without a value, `false` none. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  children: readonly Child[] = [],
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  equip(made, attributes, children)
  return made
}

/** An element of a drawing. */
export function shape<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  children: readonly Child[] = [],
): SVGElementTagNameMap[Tag] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag)
  equip(made, attributes, children)
  return made
}

function equip(made: Element, attributes: Attributes, children: readonly Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name, value)
    else if (value !== false) made.setAttribute(name, value === true ? '' : String(value))
  }
  made.append(...children)
}

/** `1 finding`, `1,234 findings` */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`
}

/** A sentence in which commands stand in backquotes: these are set as code. */
export function sentence(text: string): readonly Child[] {
  return text
    .split('`')
    .map((piece, index) => (index % 2 === 1 ? element('code', {}, [piece]) : piece))
    .filter((child) => child !== '')
}

/** A table of names and values. */
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

/** A heading with what stands below it, as a region of the page. */
export function section(id: string, heading: string, children: readonly Child[]): HTMLElement {
  return element('section', { id, 'aria-labelledby': `${id}-heading` }, [
    element('h2', { id: `${id}-heading` }, [heading]),
    ...children,
  ])
}
