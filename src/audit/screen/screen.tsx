/** Runs the screen: passes keys and other events to the state, and draws it with Ink. */
import { type Instance, render } from 'ink'
import type { ReactElement } from 'react'
import { type Paint, painter } from '../../report/terminal/colour.ts'
import { App } from './app.tsx'
import { divertWrites, FrameWriter } from './frames.ts'
import { reduce } from './reduce.ts'
import { LinePlaceholders } from './line-placeholders.ts'
import {
  type Effect,
  type ScreenEvent,
  type StartOptions,
  startState,
  type ScreenState,
} from './state.ts'
import { takeTerminal, type Terminal } from './terminal.ts'

interface ScreenRequest {
  readonly terminal: Terminal
  readonly start: Omit<StartOptions, 'columns' | 'rows'>
  readonly colour: boolean
  /** Aborted when the process has to end. */
  readonly signal: AbortSignal
  /** Runs an effect; called with the state after the event that caused it. */
  readonly onEffect: (effect: Effect, state: ScreenState) => void
}

export interface Screen {
  readonly dispatch: (event: ScreenEvent) => void
  /** Resolves to the last state, once the terminal is restored. */
  readonly ended: Promise<ScreenState>
}

/** Shortest time between two frames that show messages of the scan. */
const MIN_FRAME_INTERVAL_MS = 150

/** That time in multiples of the time that drawing a frame takes, so that keys come first. */
const MIN_INTERVAL_PER_COST = 8

const sizeOf = ({ output }: Terminal): { readonly columns: number; readonly rows: number } => ({
  columns: output.columns || 80,
  rows: output.rows || 24,
})

/** Takes over the terminal and draws until the reader quits or the signal aborts. */
export function openScreen(request: ScreenRequest): Screen {
  const { terminal, start, colour, signal } = request
  const view = new ScreenView(
    terminal,
    painter(colour),
    startState({ ...start, ...sizeOf(terminal) }),
  )
  const closing: { finish?: (last: ScreenState) => void } = {}
  const ended = new Promise<ScreenState>((resolve) => {
    closing.finish = resolve
  })
  const dispatchAll = (events: readonly ScreenEvent[], when: 'now' | 'soon'): void => {
    for (const event of events) {
      if (view.state.exit !== undefined) return
      const step = reduce(view.state, event)
      view.state = step.state
      for (const effect of step.effects) request.onEffect(effect, view.state)
    }
    if (view.state.exit === undefined) view.draw(when)
    else end()
  }
  const restore = takeTerminal(terminal, (keys) =>
    dispatchAll(
      keys.map((key) => ({ type: 'key', key })),
      'now',
    ),
  )
  view.open()
  const onResize = (): void => {
    view.redrawAll()
    dispatchAll([{ type: 'size', ...sizeOf(terminal) }], 'now')
  }
  const onAbort = (): void =>
    dispatchAll([{ type: 'key', key: { name: 'ctrl', text: 'c' } }], 'now')
  const end = (): void => {
    terminal.output.off('resize', onResize)
    signal.removeEventListener('abort', onAbort)
    view.close()
    restore()
    closing.finish?.(view.state)
  }
  terminal.output.on('resize', onResize)
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  return { dispatch: (event) => dispatchAll([event], 'soon'), ended }
}

/** State of the screen and its drawing. */
class ScreenView {
  state: ScreenState
  readonly #terminal: Terminal
  readonly #paint: Paint
  readonly #placeholders = new LinePlaceholders()
  readonly #frames: FrameWriter
  #ink: Instance | undefined
  #timer: NodeJS.Timeout | undefined
  #costMs = 0

  constructor(terminal: Terminal, paint: Paint, state: ScreenState) {
    this.state = state
    this.#terminal = terminal
    this.#paint = paint
    this.#frames = new FrameWriter(
      (text) => terminal.output.write(text),
      (row) => this.#placeholders.lineOf(row, this.state.columns),
    )
  }

  open(): void {
    const { input, output } = this.#terminal
    // With `debug` Ink writes a whole frame at each change.
    this.#ink = render(this.#app(), {
      stdout: divertWrites(output, (text) => this.#frames.draw(text)),
      stdin: input,
      exitOnCtrlC: false,
      patchConsole: false,
      debug: true,
    })
  }

  /** Draws now, or `soon`: after the shortest time between frames. */
  draw(when: 'now' | 'soon'): void {
    if (when === 'soon') {
      this.#timer ??= setTimeout(
        () => this.draw('now'),
        Math.max(MIN_FRAME_INTERVAL_MS, this.#costMs * MIN_INTERVAL_PER_COST),
      )
      return
    }
    clearTimeout(this.#timer)
    this.#timer = undefined
    const startedAt = performance.now()
    this.#ink?.rerender(this.#app())
    this.#costMs = performance.now() - startedAt
  }

  /** Clears the terminal, after it was resized. */
  redrawAll(): void {
    this.#frames.clear()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#frames.close()
    this.#ink?.unmount()
  }

  #app(): ReactElement {
    return <App state={this.state} paint={this.#paint} placeholders={this.#placeholders} />
  }
}
