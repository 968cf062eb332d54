/** (state, event) → state, and what is to be done outside. Pure. */
import type { AuditMessage } from '../messages.ts'
import type { Acceptance, ShownFinding } from '../../model/shown.ts'
import { cursorIndex, scrollIntoView, withFindings } from './arrange.ts'
import { detailKey } from './keys/detail-keys.ts'
import { dialogKey } from './keys/dialog-keys.ts'
import { listKey } from './keys/list-keys.ts'
import type { Key } from './keys/keys.ts'
import { scrollKey } from './keys/scroll-keys.ts'
import type { Effect, ScreenEvent, ScreenState, Step } from './state.ts'
import { hideSecret, noEffects, contextRequests } from './step.ts'

/** What becomes of the screen when something happens. */
export function reduce(state: ScreenState, event: ScreenEvent): Step {
  switch (event.type) {
    case 'key':
      return handleKey(state, event.key)
    case 'size': {
      const sized = { ...state, columns: event.columns, rows: event.rows }
      return noEffects(scrollIntoView(sized, cursorIndex(sized)))
    }
    case 'answer':
      return handleMessage(state, event.answer)
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

function handleKey(before: ScreenState, key: Key): Step {
  if (key.name === 'ctrl' && key.text === 'c')
    return { state: { ...before, exit: 'interrupted' }, effects: [{ type: 'keep' }] }
  const state: ScreenState = { ...before, notice: undefined, untouched: false }
  if (state.dialog !== undefined) return dialogKey(state, state.dialog, key)
  if (key.name === 'paste')
    return noEffects({ ...state, notice: 'what is pasted is not taken for keys' })
  if (key.name === 'text' && key.text === '?' && state.page !== 'help')
    return noEffects({ ...hideSecret(state), page: 'help', previousPage: state.page, scroll: 0 })
  if (state.page === 'list') return listKey(state, key)
  return state.page === 'detail' ? detailKey(state, key) : scrollKey(state, key)
}

function handleMessage(state: ScreenState, answer: AuditMessage): Step {
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
              .map(byFingerprint),
          ]),
        ),
      )
    case 'settled':
      return noEffects({
        ...state,
        settled: new Map([...state.settled, ...answer.findings.map(byFingerprint)]),
      })
    case 'finished':
      return handleFinished(state, answer)
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
      return handlePlan(state, answer)
    case 'verifying':
      return noEffects({ ...state, notice: `AWS is asked: ${answer.done} of ${answer.total}` })
    case 'verified':
      return handleVerified(state, answer)
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
  state: ScreenState,
  { fingerprint, life, advice, explanation }: Extract<AuditMessage, { readonly type: 'life' }>,
): ScreenState {
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
function handlePlan(
  state: ScreenState,
  { fingerprints, keys, lines, refused }: Extract<AuditMessage, { readonly type: 'plan' }>,
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

function handleVerified(
  state: ScreenState,
  { findings, refused }: Extract<AuditMessage, { readonly type: 'verified' }>,
): Step {
  if (refused !== undefined) return noEffects({ ...state, notice: refused })
  const live = findings.filter(({ verification }) => verification.status === 'live').length
  const next = withFindings(state, new Map([...state.findings, ...findings.map(byFingerprint)]))
  return noEffects({
    ...next,
    notice: `AWS was asked: ${live === 0 ? 'none of these is live' : `${live} live, of ${findings.length}`}`,
  })
}

function handleFinished(
  state: ScreenState,
  { name, coverage }: Extract<AuditMessage, { readonly type: 'finished' }>,
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
  state: ScreenState,
  fingerprints: readonly string[],
  accepted: Acceptance | undefined,
): ScreenState {
  const findings = new Map(state.findings)
  for (const fingerprint of fingerprints) {
    const finding = findings.get(fingerprint)
    if (finding === undefined) continue
    const { accepted: _, ...open } = finding
    findings.set(fingerprint, accepted === undefined ? open : { ...open, accepted })
  }
  return withFindings(state, findings)
}

function byFingerprint(finding: ShownFinding): readonly [string, ShownFinding] {
  return [finding.fingerprint, finding]
}
