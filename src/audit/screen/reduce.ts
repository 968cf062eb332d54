/**
 * State machine of the screen: a pure function from state and event to the next state and the
 * effects to run.
 */
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

/** Returns the next state and the effects of an event. */
export function reduce(state: ScreenState, event: ScreenEvent): Step {
  switch (event.type) {
    case 'key':
      return handleKey(state, event.key)
    case 'size': {
      const sized = { ...state, columns: event.columns, rows: event.rows }
      return noEffects(scrollIntoView(sized, cursorIndex(sized)))
    }
    case 'message':
      return handleMessage(state, event.message)
    case 'accepted': {
      const { reason, expires } = event
      const next = withAcceptance(state, event.fingerprints, {
        reason,
        ...(expires !== undefined && { expires }),
      })
      const summary = `accepted ${event.fingerprints.length}`
      return noEffects({
        ...next,
        dialog: undefined,
        undo: [...state.undo, { kind: 'accepted', fingerprints: event.fingerprints, summary }],
        notice: `${summary}: see oakum.allow; u: undo`,
      })
    }
    case 'unaccepted':
      return noEffects({
        ...withAcceptance(state, event.fingerprints, undefined),
        notice: 'undone: removed from oakum.allow',
      })
    case 'refused':
      return noEffects(
        state.dialog?.kind === 'accept'
          ? { ...state, dialog: { ...state.dialog, isBusy: false, error: event.message } }
          : { ...state, notice: event.message },
      )
  }
}

function handleKey(oldState: ScreenState, key: Key): Step {
  if (key.name === 'ctrl' && key.text === 'c')
    return { state: { ...oldState, exit: 'interrupted' }, effects: [{ type: 'save' }] }
  const state: ScreenState = { ...oldState, notice: undefined, untouched: false }
  if (state.dialog !== undefined) return dialogKey(state, state.dialog, key)
  if (key.name === 'paste')
    return noEffects({ ...state, notice: 'pasted text is not read as keys' })
  if (key.name === 'text' && key.text === '?' && state.page !== 'help')
    return noEffects({ ...hideSecret(state), page: 'help', previousPage: state.page, scroll: 0 })
  if (state.page === 'list') return listKey(state, key)
  return state.page === 'detail' ? detailKey(state, key) : scrollKey(state, key)
}

function handleMessage(state: ScreenState, message: AuditMessage): Step {
  switch (message.type) {
    case 'progress': {
      const { type: _, ...progress } = message
      return noEffects({ ...state, scan: { ...state.scan, progress } })
    }
    case 'found':
      return noEffects(
        withFindings(
          state,
          new Map([
            ...state.findings,
            ...message.findings
              .filter(({ fingerprint }) => !state.findings.has(fingerprint))
              .map(byFingerprint),
          ]),
        ),
      )
    case 'settled':
      return noEffects({
        ...state,
        settled: new Map([...state.settled, ...message.findings.map(byFingerprint)]),
      })
    case 'finished':
      return handleFinished(state, message)
    case 'failed':
      return noEffects({
        ...state,
        scan: {
          ...state.scan,
          status: 'failed',
          message: message.message,
          incomplete: message.incomplete,
        },
      })
    case 'plan':
      return handlePlan(state, message)
    case 'verifying':
      return noEffects({ ...state, notice: `verifying: ${message.done} of ${message.total}` })
    case 'verified':
      return handleVerified(state, message)
    case 'life':
      return noEffects(withLife(state, message))
    case 'context':
      return noEffects(withContext(state, message))
  }
}

/** Stores a context; that of a revealed secret is kept only while its place is on the screen. */
function withContext(
  state: ScreenState,
  { fingerprint, place, context, revealed }: Extract<AuditMessage, { readonly type: 'context' }>,
): ScreenState {
  if (revealed) {
    // The reader may have moved on since the request.
    const isCurrent =
      state.page === 'detail' && state.selected === fingerprint && state.place === place
    return isCurrent ? { ...state, revealed: { place, context } } : state
  }
  const contexts = new Map([...(state.contexts.get(fingerprint) ?? []), [place, context] as const])
  return { ...state, contexts: new Map([...state.contexts, [fingerprint, contexts]]) }
}

/** Stores the life of a finding, with its advice and explanation. */
function withLife(
  state: ScreenState,
  { fingerprint, life, advice, explanation }: Extract<AuditMessage, { readonly type: 'life' }>,
): ScreenState {
  const finding = state.findings.get(fingerprint)
  // Verification sends newer advice, which must stay.
  const updated =
    finding === undefined || finding.advice.length > 0
      ? finding
      : { ...finding, advice, explanation }
  return {
    ...state,
    lives: new Map([...state.lives, [fingerprint, life]]),
    ...(updated && { findings: new Map(state.findings).set(fingerprint, updated) }),
  }
}

/** Shows the consent text, which the reader has to agree to. */
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
      notice: 'none of these is an AWS access key that can be verified',
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
  const result = live === 0 ? 'none is live' : `${live} of ${findings.length} live`
  return noEffects({ ...next, notice: `verified: ${result}` })
}

function handleFinished(
  state: ScreenState,
  { name, coverage }: Extract<AuditMessage, { readonly type: 'finished' }>,
): Step {
  const scan = { ...state.scan, status: 'done' } as const
  const next = withFindings({ ...state, name, coverage, scan, settled: new Map() }, state.settled)
  // The finding of an open details page came from the running scan: its life can be read only now.
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
