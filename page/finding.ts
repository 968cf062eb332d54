import type { PageFinding, PageIntroduction, PageStep } from '../src/report/html/model.ts'
import { element, pairs, sentence } from './elements.ts'
import { lifeline, lifeText, type Span } from './lifeline.ts'

/** One finding in a line, that opens; what is inside is made when it is opened. */
export function findingRow(finding: PageFinding, span: Span): HTMLElement {
  const { severity, title, where, exposure, parts, verification } = finding
  const line = lifeline(finding, span)
  const summary = element('summary', {}, [
    element('span', { class: `chip back-${severity}` }, [severity]),
    element('span', { class: 'what' }, [
      element('span', { class: 'title' }, [title]),
      ' ',
      ...parts.slice(0, 2).flatMap(({ redacted }) => [element('code', {}, [redacted]), ' ']),
      element('span', { class: 'where' }, [where]),
    ]),
    element('span', { class: 'marks' }, [
      element('span', { class: exposure === 'published' ? 'chip strong' : 'chip quiet' }, [
        exposure,
      ]),
      ...(verification.status === 'not-tried'
        ? []
        : [
            ' ',
            element(
              'span',
              { class: verification.status === 'live' ? 'chip strong' : 'chip quiet' },
              [verification.status],
            ),
          ]),
    ]),
    element('span', { class: 'life' }, [
      ...(line === undefined ? [] : [line]),
      element('span', { class: 'dates', 'aria-hidden': 'true' }, [lifeText(finding)]),
    ]),
  ])
  const details = element(
    'details',
    {
      class: 'finding',
      toggle: () =>
        details.open && details.childElementCount === 1 && details.append(bodyOf(finding)),
    },
    [summary],
  )
  return element('li', {}, [details])
}

function bodyOf(finding: PageFinding): HTMLElement {
  const {
    steps,
    exposureText,
    parts,
    places,
    morePlaces,
    refs,
    moreRefs,
    facts,
    because,
    verification,
    fingerprint,
    rule,
  } = finding
  return element('div', { class: 'body' }, [
    element('div', { class: 'do' }, [
      element('h3', {}, ['What to do']),
      element('ol', {}, steps.map(stepItem)),
    ]),
    element('div', { class: 'facts' }, [
      pairs([
        ['exposure', [exposureText]],
        ['verification', [verification.text]],
        ...parts.map(({ role, redacted }) => [role, [element('code', {}, [redacted])]] as const),
        ['where', lines(places, morePlaces)],
        ['came in', introductionLine(finding.first)],
        [
          'last came in',
          finding.last?.commit === finding.first?.commit ? [] : introductionLine(finding.last),
        ],
        ['left HEAD', introductionLine(finding.removed)],
        ['refs', lines(refs, moreRefs)],
        ...facts.map(([name, value]) => [name, [value]] as const),
        ['because', lines(because, 0)],
        ['rule', [element('code', {}, [rule])]],
        [
          'fingerprint',
          [
            element('code', {}, [fingerprint]),
            ' ',
            copyButton(fingerprint, 'Copy the fingerprint'),
          ],
        ],
      ]),
    ]),
  ])
}

function lines(texts: readonly string[], more: number): readonly Node[] {
  return [...texts, ...(more === 0 ? [] : [`and ${more.toLocaleString('en-US')} more`])].map(
    (text) => element('div', {}, [text]),
  )
}

function stepItem({ text, command }: PageStep): HTMLElement {
  return element('li', {}, [
    ...sentence(text),
    ...(command === undefined
      ? []
      : [
          element('div', { class: 'command' }, [
            element('code', {}, [command]),
            ' ',
            copyButton(command, 'Copy the command'),
          ]),
        ]),
  ])
}

function introductionLine(introduction: PageIntroduction | null): readonly Node[] {
  if (introduction === null) return []
  const { commit, date, author, path } = introduction
  return [
    element('div', {}, [
      element('code', {}, [commit]),
      ` ${date.slice(0, 10)} ${date.slice(11, 16)}`,
    ]),
    element('div', {}, [author]),
    ...(path === '' ? [] : [element('div', { class: 'where' }, [path])]),
  ]
}

function copyButton(text: string, label: string): HTMLElement {
  const button = element(
    'button',
    { type: 'button', class: 'copy', 'aria-label': label, click: () => void copy() },
    ['copy'],
  )
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text)
      button.textContent = 'copied'
    } catch {
      // A browser may forbid it; the text can still be selected.
      button.textContent = 'not allowed'
    }
  }
  return button
}
