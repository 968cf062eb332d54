/**
 * `oakum audit` on a terminal: connects the screen with the audit session, the marks file and
 * `oakum.allow`.
 */
import { basename, resolve } from 'node:path'
import type { AuditRequest } from '../../audit/audit.ts'
import { readMarks, writeMarks } from '../../audit/marks-file.ts'
import { startSession } from '../../audit/session.ts'
import { isExpected } from '../../model/errors.ts'
import { openRepository } from '../../git/commands/repository.ts'
import { escapeForTerminal } from '../../report/terminal/escape.ts'
import { painter } from '../../report/terminal/colour.ts'
import type { Severity } from '../../model/rule.ts'
import { verdictDocument } from '../../audit/screen/pages.ts'
import { openScreen, type Screen } from '../../audit/screen/screen.tsx'
import type { Effect, ScreenState } from '../../audit/screen/state.ts'
import type { Terminal } from '../../audit/screen/terminal.ts'
import { changeAllowFile, withEntries } from './allow-entries.ts'
import { allowEntry } from '../commands/allow.ts'
import { exitCodes, verdictExitCodes } from './exit-code.ts'
import { messageLine } from './failure.ts'
import type { Io } from '../process/io.ts'

const DAY_MS = 86_400_000

interface ScreenRequest {
  readonly request: AuditRequest
  readonly failOn: Severity
  /** Folder of `oakum.allow`, whether the file exists or not. */
  readonly folder: string | undefined
  readonly terminal: Terminal
  readonly colour: boolean
  /** Author of new allow entries; default git's user. */
  readonly author: string | undefined
}

type AllowEffect = Extract<Effect, { readonly type: 'accept' | 'unaccept' }>

/** Shows the screen until the reader quits, prints a short verdict and returns the exit code. */
export async function runScreen(
  { request, failOn, folder, terminal, colour, author }: ScreenRequest,
  io: Io,
): Promise<number> {
  const { cwd, env, path } = request
  const repository = await openRepository({
    path: resolve(cwd, path ?? '.'),
    explicit: path !== undefined,
    env,
  })
  const saved = readMarks(repository.commonDir)
  const session = startSession(request, (message) => screen.dispatch({ type: 'message', message }))
  const allowFile = new AllowFileWriter(
    { folder: folder ?? repository.top ?? cwd, author },
    io,
    (event) => screen.dispatch(event),
  )
  const screen: Screen = openScreen({
    terminal,
    colour,
    signal: io.signal,
    start: {
      failOn,
      name: escapeForTerminal(basename(repository.top ?? repository.gitDir)),
      marks: saved.marks,
      view: saved.view,
    },
    onEffect: (effect, state) => {
      if (effect.type === 'save') saveMarks(repository.commonDir, state, screen)
      else if (effect.type === 'accept' || effect.type === 'unaccept') allowFile.apply(effect)
      else session.send(effect)
    },
  })
  const finalState = await screen.ended
  await Promise.all([allowFile.done(), session.end()])
  return reportEnd(finalState, colour, io)
}

/** Writes the marks file. A failure is shown at once, since the marks would be lost at the end. */
function saveMarks(
  commonDir: string,
  { marks, sort, filter, selected = '' }: ScreenState,
  screen: Screen,
): void {
  try {
    writeMarks(commonDir, { marks, view: { sort, filter, selected } })
  } catch (error) {
    const cause = error instanceof Error && 'code' in error ? String(error.code) : 'not a folder'
    setImmediate(() =>
      screen.dispatch({ type: 'refused', message: `cannot save this in .git/oakum: ${cause}` }),
    )
  }
}

interface AllowFilePlace {
  readonly folder: string
  readonly author: string | undefined
}

/** Adds and removes entries of `oakum.allow`, one change after the other. */
class AllowFileWriter {
  readonly #place: AllowFilePlace
  readonly #io: Io
  readonly #dispatch: Screen['dispatch']
  #pending: Promise<void> = Promise.resolve()

  constructor(place: AllowFilePlace, io: Io, dispatch: Screen['dispatch']) {
    this.#place = place
    this.#io = io
    this.#dispatch = dispatch
  }

  apply(effect: AllowEffect): void {
    this.#pending = this.#pending
      .then(() => (effect.type === 'accept' ? this.#accept(effect) : this.#unaccept(effect)))
      .catch((error: unknown) => {
        const message = isExpected(error) ? error.message : 'oakum.allow could not be written'
        this.#dispatch({ type: 'refused', message: escapeForTerminal(message.replace(/^--/, '')) })
      })
  }

  /** Resolves when all changes so far are written. */
  done(): Promise<void> {
    return this.#pending
  }

  async #accept({
    fingerprints,
    reason,
    expires,
  }: Extract<AllowEffect, { readonly type: 'accept' }>): Promise<void> {
    const expiryDay = expires === undefined ? undefined : expiryDayOf(expires)
    const { folder, author } = this.#place
    const [first = '', ...others] = fingerprints
    const entry = await allowEntry(
      {
        fingerprint: first,
        reason,
        ...(author !== undefined && { author }),
        ...(expiryDay !== undefined && { expires: expiryDay }),
      },
      this.#io,
    )
    await changeAllowFile(folder, (entries) =>
      withEntries(entries, [entry, ...others.map((fingerprint) => ({ ...entry, fingerprint }))]),
    )
    this.#dispatch({
      type: 'accepted',
      fingerprints,
      reason: escapeForTerminal(reason),
      ...(expiryDay !== undefined && { expires: expiryDay }),
    })
  }

  async #unaccept({
    fingerprints,
  }: Extract<AllowEffect, { readonly type: 'unaccept' }>): Promise<void> {
    const removed = new Set(fingerprints)
    await changeAllowFile(this.#place.folder, (entries) =>
      entries.filter((entry) => entry.paths !== undefined || !removed.has(entry.fingerprint)),
    )
    this.#dispatch({ type: 'unaccepted', fingerprints })
  }
}

/** Converts `90d` to the day in ninety days. Other texts stay; `allowEntry` checks them. */
function expiryDayOf(text: string): string {
  const days = /^(\d{1,4})d$/.exec(text)?.[1]
  return days === undefined
    ? text
    : new Date(Date.now() + Number(days) * DAY_MS).toISOString().slice(0, 10)
}

/** Prints the verdict after the screen has closed, and returns the exit code. */
function reportEnd(state: ScreenState, colour: boolean, io: Io): number {
  const document = verdictDocument(state)
  const paint = painter(colour)
  if (state.scan.status === 'failed') {
    io.stderr.write(messageLine(state.scan.message ?? 'the scan failed'))
    if (state.exit === 'interrupted') return exitCodes.interrupted
    return state.scan.incomplete === false ? exitCodes.usage : exitCodes.incomplete
  }
  if (document !== undefined) {
    const headline = paint(document.answer === 'safe' ? 'green' : 'red', document.headline)
    io.stdout.write(`${headline}: ${document.summary}\n`)
  }
  const marks = state.marks.size === 0 ? '' : `${state.marks.size} marked; `
  io.stdout.write(
    paint(
      'dim',
      `${marks}run \`oakum audit\` to resume, \`oakum audit --verdict\` to print the verdict\n`,
    ),
  )
  if (state.exit === 'interrupted') return exitCodes.interrupted
  if (document === undefined) return exitCodes.incomplete
  return verdictExitCodes[document.answer]
}
