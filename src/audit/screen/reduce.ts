/** (state, event) → state, and what is to be done outside. Pure. */
import type { Answer } from '../messages.ts'
import type { Acceptance, ShownFinding } from '../../model/shown.ts'
import { cursorOf, inView, withFindings } from './arrange.ts'
import { detailKey } from './keys/detail-keys.ts'
import { dialogKey } from './keys/dialog-keys.ts'
import { listKey } from './keys/list-keys.ts'
import type { Key } from './keys/keys.ts'
import { scrollKey } from './keys/scroll-keys.ts'
import type { Effect, Event, State, Step } from './state.ts'
import { hidden, noEffects, contextRequests } from './step.ts'

/** What becomes of the screen when something happens. */
export function reduce(state: State, event: Event): Step {
  switch (event.type) {
    case 'key':
      return keyed(state, event.key)
    case 'size': {
      const sized = { ...state, columns: event.columns, rows: event.rows }
      return noEffects(inView(sized, cursorOf(sized)))
    }
    case 'answer':
      return answered(state, event.answer)
    case 'accepted': {
      const { reason, expires } = event
      const next = withAcceptance(state, event.fingerprints, {
        reason,
        ...(expires !== undefined && { expires }),
      })
      const what = `accepted ${event.fingerprints.length}`
      return noEffects({
        ...next,
        dialog: undefined,
        undo: [...state.undo, { kind: 'accepted', fingerprints: event.fingerprints, what }],
        notice: `${what}: see oakum.allow, u takes it back`,
      })
    }
    case 'unaccepted':
      return noEffects({
        ...withAcceptance(state, event.fingerprints, undefined),
        notice: 'taken back: it stands in oakum.allow no more',
      })
    case 'refused':
      return noEffects(
        state.dialog?.kind === 'accept'
          ? { ...state, dialog: { ...state.dialog, isBusy: false, error: event.message } }
          : { ...state, notice: event.message },
      )
  }
}

function keyed(before: State, key: Key): Step {
  if (key.name === 'ctrl' && key.text === 'c')
    return { state: { ...before, exit: 'interrupted' }, effects: [{ type: 'keep' }] }
  const state: State = { ...before, notice: undefined, untouched: false }
  if (state.dialog !== undefined) return dialogKey(state, state.dialog, key)
  if (key.name === 'paste')
    return noEffects({ ...state, notice: 'what is pasted is not taken for keys' })
  if (key.name === 'text' && key.text === '?' && state.page !== 'help')
    return noEffects({ ...hidden(state), page: 'help', from: state.page, scroll: 0 })
  if (state.page === 'list') return listKey(state, key)
  return state.page === 'detail' ? detailKey(state, key) : scrollKey(state, key)
}

function answered(state: State, answer: Answer): Step {
  switch (answer.type) {
    case 'progress': {
      const { type: _, ...progress } = answer
      return noEffects({ ...state, scan: { ...state.scan, progress } })
    }
    case 'found':
      return noEffects(
        withFindings(
          state,
          new Map([
            ...state.findings,
            ...answer.findings
              .filter(({ fingerprint }) => !state.findings.has(fingerprint))
              .map(keyOf),
          ]),
        ),
      )
    case 'settled':
      return noEffects({
        ...state,
        settled: new Map([...state.settled, ...answer.findings.map(keyOf)]),
      })
    case 'finished':
      return finished(state, answer)
    case 'failed':
      return noEffects({
        ...state,
        scan: {
          ...state.scan,
          status: 'failed',
          message: answer.message,
          incomplete: answer.incomplete,
        },
      })
    case 'plan':
      return planned(state, answer)
    case 'verifying':
      return noEffects({ ...state, notice: `AWS is asked: ${answer.done} of ${answer.total}` })
    case 'verified':
      return verified(state, answer)
    case 'life':
      return noEffects(withLife(state, answer))
    case 'context': {
      const { fingerprint, place, context, revealed } = answer
      if (revealed) {
        // The reader may have gone on meanwhile.
        const waits =
          state.page === 'detail' && state.selected === fingerprint && state.place === place
        return noEffects(waits ? { ...state, revealed: { place, context } } : state)
      }
      const own = new Map([...(state.contexts.get(fingerprint) ?? []), [place, context] as const])
      return noEffects({ ...state, contexts: new Map([...state.contexts, [fingerprint, own]]) })
    }
  }
}

function withLife(
  state: State,
  { fingerprint, life, advice, explanation }: Extract<Answer, { readonly type: 'life' }>,
): State {
  const finding = state.findings.get(fingerprint)
  // What AWS said since may have changed what to do.
  const told =
    finding === undefined || finding.advice.length > 0
      ? finding
      : { ...finding, advice, explanation }
  return {
    ...state,
    lives: new Map([...state.lives, [fingerprint, life]]),
    ...(told && { findings: new Map(state.findings).set(fingerprint, told) }),
  }
}

/** What would be asked: the reader has to agree first. */
function planned(
  state: State,
  { fingerprints, keys, lines, refused }: Extract<Answer, { readonly type: 'plan' }>,
): Step {
  if (state.dialog?.kind !== 'verify') return noEffects(state)
  if (refused !== undefined) return noEffects({ ...state, dialog: undefined, notice: refused })
  if (keys === 0)
    return noEffects({
      ...state,
      dialog: undefined,
      notice: 'none of these is an AWS access key that could be asked about',
    })
  return noEffects({ ...state, dialog: { kind: 'verify', fingerprints, lines } })
}

function verified(
  state: State,
  { findings, refused }: Extract<Answer, { readonly type: 'verified' }>,
): Step {
  if (refused !== undefined) return noEffects({ ...state, notice: refused })
  const live = findings.filter(({ verification }) => verification.status === 'live').length
  const next = withFindings(state, new Map([...state.findings, ...findings.map(keyOf)]))
  return noEffects({
    ...next,
    notice: `AWS was asked: ${live === 0 ? 'none of these is live' : `${live} live, of ${findings.length}`}`,
  })
}

function finished(
  state: State,
  { name, coverage }: Extract<Answer, { readonly type: 'finished' }>,
): Step {
  const scan = { ...state.scan, status: 'done' } as const
  const next = withFindings({ ...state, name, coverage, scan, settled: new Map() }, state.settled)
  // What is looked at was found early, and only now there is more to tell.
  const effects: readonly Effect[] =
    next.page === 'detail' && next.selected !== undefined
      ? contextRequests(next, next.selected, next.place)
      : []
  return {
    state:
      next.page === 'detail' && next.selected !== state.selected ? { ...next, page: 'list' } : next,
    effects,
  }
}

function withAcceptance(
  state: State,
  fingerprints: readonly string[],
  accepted: Acceptance | undefined,
): State {
  const findings = new Map(state.findings)
  for (const fingerprint of fingerprints) {
    const finding = findings.get(fingerprint)
    if (finding === undefined) continue
    const { accepted: _, ...open } = finding
    findings.set(fingerprint, accepted === undefined ? open : { ...open, accepted })
  }
  return withFindings(state, findings)
}

function keyOf(finding: ShownFinding): readonly [string, ShownFinding] {
  return [finding.fingerprint, finding]
}
