/**
 * `oakum audit` on a terminal: the screen, the thread that audits, and what is written of
 * decisions.
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
import { answerCodes, exitCodes } from './exit-code.ts'
import { line } from './failure.ts'
import type { Io } from '../process/io.ts'

interface ScreenWish {
  readonly request: AuditRequest
  readonly failOn: Severity
  /** Where `oakum.allow` is or belongs. */
  readonly folder: string | undefined
  readonly terminal: Terminal
  readonly colour: boolean
  /** Who accepts; default git's user. */
  readonly author: string | undefined
}

type Ask = Extract<Effect, { readonly type: 'accept' | 'unaccept' }>

/**
 * Shows the screen until the reader quits; then says the verdict in a few lines, and in the exit
 * code.
 */
export async function runScreen(
  { request, failOn, folder, terminal, colour, author }: ScreenWish,
  io: Io,
): Promise<number> {
  const { cwd, env, path } = request
  const repository = await openRepository({
    path: resolve(cwd, path ?? '.'),
    explicit: path !== undefined,
    env,
  })
  const kept = readMarks(repository.commonDir)
  const session = startSession(request, (answer) => screen.dispatch({ type: 'answer', answer }))
  const decisions = new Decisions(
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
      marks: kept.marks,
      view: kept.view,
    },
    onEffect: (effect, state) => {
      if (effect.type === 'save') keep(repository.commonDir, state, screen)
      else if (effect.type === 'accept' || effect.type === 'unaccept') decisions.take(effect)
      else session.send(effect)
    },
  })
  const last = await screen.ended
  await Promise.all([decisions.done(), session.end()])
  return farewell(last, colour, io)
}

/** Marks that cannot be kept are said at once: they would be gone the next time. */
function keep(
  commonDir: string,
  { marks, sort, filter, selected = '' }: ScreenState,
  screen: Screen,
): void {
  try {
    writeMarks(commonDir, { marks, view: { sort, filter, selected } })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'it is no folder'
    setImmediate(() =>
      screen.dispatch({ type: 'refused', message: `this cannot be kept in .git/oakum: ${code}` }),
    )
  }
}

/** Writes acceptances to `oakum.allow`, one after the other. */
class Decisions {
  readonly #place: { readonly folder: string; readonly author: string | undefined }
  readonly #io: Io
  readonly #tell: Screen['dispatch']
  #last: Promise<void> = Promise.resolve()

  constructor(
    place: { readonly folder: string; readonly author: string | undefined },
    io: Io,
    tell: Screen['dispatch'],
  ) {
    this.#place = place
    this.#io = io
    this.#tell = tell
  }

  take(ask: Ask): void {
    this.#last = this.#last
      .then(() => (ask.type === 'accept' ? this.#accept(ask) : this.#unaccept(ask)))
      .catch((error: unknown) => {
        const message = isExpected(error) ? error.message : 'oakum.allow could not be written'
        this.#tell({ type: 'refused', message: escapeForTerminal(message.replace(/^--/, '')) })
      })
  }

  /** When all that was decided is written. */
  done(): Promise<void> {
    return this.#last
  }

  async #accept({
    fingerprints,
    reason,
    expires,
  }: Extract<Ask, { readonly type: 'accept' }>): Promise<void> {
    const until = expires === undefined ? undefined : dayOf(expires)
    const { folder, author } = this.#place
    const [first = '', ...others] = fingerprints
    const entry = await allowEntry(
      {
        fingerprint: first,
        reason,
        ...(author !== undefined && { author }),
        ...(until !== undefined && { expires: until }),
      },
      this.#io,
    )
    await changeAllowFile(folder, (entries) =>
      withEntries(entries, [entry, ...others.map((fingerprint) => ({ ...entry, fingerprint }))]),
    )
    this.#tell({
      type: 'accepted',
      fingerprints,
      reason: escapeForTerminal(reason),
      ...(until !== undefined && { expires: until }),
    })
  }

  async #unaccept({ fingerprints }: Extract<Ask, { readonly type: 'unaccept' }>): Promise<void> {
    const gone = new Set(fingerprints)
    await changeAllowFile(this.#place.folder, (entries) =>
      entries.filter((entry) => entry.paths !== undefined || !gone.has(entry.fingerprint)),
    )
    this.#tell({ type: 'unaccepted', fingerprints })
  }
}

/** `90d` is the day in ninety days; anything else is for the entry itself to judge. */
function dayOf(text: string): string {
  const days = /^(\d{1,4})d$/.exec(text)?.[1]
  return days === undefined
    ? text
    : new Date(Date.now() + Number(days) * 86_400_000).toISOString().slice(0, 10)
}

function farewell(state: ScreenState, colour: boolean, io: Io): number {
  const document = verdictDocument(state)
  const paint = painter(colour)
  if (state.scan.status === 'failed') {
    io.stderr.write(line(state.scan.message ?? 'the scan failed'))
    return state.exit === 'interrupted'
      ? exitCodes.interrupted
      : state.scan.incomplete === false
        ? exitCodes.usage
        : exitCodes.incomplete
  }
  if (document !== undefined)
    io.stdout.write(
      `${paint(document.answer === 'safe' ? 'green' : 'red', document.headline)}: ${document.summary}\n`,
    )
  const marked = state.marks.size === 0 ? '' : `${state.marks.size} marked; `
  io.stdout.write(
    paint(
      'dim',
      `${marked}oakum audit goes on where this ended, oakum audit --verdict says it again\n`,
    ),
  )
  if (state.exit === 'interrupted') return exitCodes.interrupted
  if (document === undefined) return exitCodes.incomplete
  return answerCodes[document.answer]
}
