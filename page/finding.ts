/** One finding in the list: a summary row that opens to its steps and details. */
import type { PageFinding, PageIntroduction, PageStep } from '../src/report/html/model.ts'
import { element, formatNumber, pairs, sentence } from './elements.ts'
import { lifeline, lifetimeText, type TimeSpan } from './lifeline.ts'

/** Maximum number of parts shown in the summary row. */
const MAX_PARTS = 2

/** A list item for a finding. Its details are created only when it is opened for the first time. */
export function findingRow(finding: PageFinding, span: TimeSpan): HTMLElement {
  const details = element(
    'details',
    {
      class: 'finding',
      toggle: () => {
        if (details.open && details.childElementCount === 1) details.append(findingBody(finding))
      },
    },
    [findingSummary(finding, span)],
  )
  return element('li', {}, [details])
}

function findingSummary(finding: PageFinding, span: TimeSpan): HTMLElement {
  const { severity, title, where, exposure, parts, verification } = finding
  const { status } = verification
  const line = lifeline(finding, span)
  return element('summary', {}, [
    element('span', { class: `chip back-${severity}` }, [severity]),
    element('span', { class: 'headline' }, [
      element('span', { class: 'title' }, [title]),
      ' ',
      ...parts
        .slice(0, MAX_PARTS)
        .flatMap(({ redacted }) => [element('code', {}, [redacted]), ' ']),
      element('span', { class: 'where' }, [where]),
    ]),
    element('span', { class: 'chips' }, [
      chip(exposure, exposure === 'published'),
      ...(status === 'not-tried' ? [] : [' ', chip(status, status === 'live')]),
    ]),
    element('span', { class: 'lifetime' }, [
      ...(line === undefined ? [] : [line]),
      element('span', { class: 'dates', 'aria-hidden': 'true' }, [lifetimeText(finding)]),
    ]),
  ])
}

function chip(text: string, isUrgent: boolean): HTMLElement {
  return element('span', { class: isUrgent ? 'chip strong' : 'chip quiet' }, [text])
}

function findingBody(finding: PageFinding): HTMLElement {
  return element('div', { class: 'body' }, [
    element('div', { class: 'steps' }, [
      element('h3', {}, ['What to do']),
      element('ol', {}, finding.steps.map(stepItem)),
    ]),
    element('div', { class: 'facts' }, [findingDetails(finding)]),
  ])
}

function findingDetails(finding: PageFinding): HTMLElement {
  const { exposureText, parts, first, last, removed, refs, moreRefs } = finding
  const { facts, explanation, verification, fingerprint, rule } = finding
  return pairs([
    ['exposure', [exposureText]],
    ['verification', [verification.text]],
    ...parts.map(({ role, redacted }) => [role, [code(redacted)]] as const),
    ['where', placeLines(finding)],
    ['introduced', introductionLines(first)],
    ['last introduced', last?.commit === first?.commit ? [] : introductionLines(last)],
    ['removed from HEAD', introductionLines(removed)],
    ['refs', textLines(refs, moreRefs)],
    ...facts.map(([name, value]) => [name, [value]] as const),
    ['explanation', textLines(explanation, 0)],
    ['rule', [code(rule)]],
    ['fingerprint', [code(fingerprint), ' ', copyButton(fingerprint, 'Copy the fingerprint')]],
  ])
}

function code(text: string): HTMLElement {
  return element('code', {}, [text])
}

function placeLines({ places, morePlaces, hasMorePaths }: PageFinding): readonly Node[] {
  if (!hasMorePaths) return textLines(places, morePlaces)
  const more = morePlaces === 0 ? 'and more' : `and at least ${formatNumber(morePlaces)} more`
  return textLines([...places, more], 0)
}

function textLines(texts: readonly string[], more: number): readonly Node[] {
  return [...texts, ...(more === 0 ? [] : [`and ${formatNumber(more)} more`])].map((text) =>
    element('div', {}, [text]),
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

function introductionLines(introduction: PageIntroduction | null): readonly Node[] {
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
      // The browser may deny access to the clipboard; the text can still be selected.
      button.textContent = 'not allowed'
    }
  }
  return button
}
