/** Runs the screen: keys and what happens elsewhere in, frames out. The home of Ink. */
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
  /** Aborted when the process is asked to end. */
  readonly signal: AbortSignal
  /** Does what the state asks for; called with the state that asked. */
  readonly onEffect: (effect: Effect, state: ScreenState) => void
}

export interface Screen {
  readonly dispatch: (event: ScreenEvent) => void
  /** The last state, once the terminal is as it was. */
  readonly ended: Promise<ScreenState>
}

/** What a scan says is shown so often at most, and takes at most this part of the time. */
const MIN_FRAME_INTERVAL_MS = 150
const MIN_INTERVAL_PER_COST = 8

const sizeOf = ({ output }: Terminal): { readonly columns: number; readonly rows: number } => ({
  columns: output.columns || 80,
  rows: output.rows || 24,
})

/** Takes the terminal and draws until the reader quits, or the signal comes. */
export function openScreen(wish: ScreenRequest): Screen {
  const { terminal, start, colour, signal } = wish
  const view = new ScreenView(
    terminal,
    painter(colour),
    startState({ ...start, ...sizeOf(terminal) }),
  )
  const closing: { finish?: (last: ScreenState) => void } = {}
  const ended = new Promise<ScreenState>((resolve) => {
    closing.finish = resolve
  })
  const happen = (events: readonly ScreenEvent[], when: 'now' | 'soon'): void => {
    for (const event of events) {
      if (view.state.exit !== undefined) return
      const step = reduce(view.state, event)
      view.state = step.state
      for (const effect of step.effects) wish.onEffect(effect, view.state)
    }
    if (view.state.exit === undefined) view.draw(when)
    else end()
  }
  const restore = takeTerminal(terminal, (keys) =>
    happen(
      keys.map((key) => ({ type: 'key', key })),
      'now',
    ),
  )
  view.open()
  const onResize = (): void => {
    view.redrawAll()
    happen([{ type: 'size', ...sizeOf(terminal) }], 'now')
  }
  const onAbort = (): void => happen([{ type: 'key', key: { name: 'ctrl', text: 'c' } }], 'now')
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
  return { dispatch: (event) => happen([event], 'soon'), ended }
}

/** A state, drawn. */
class ScreenView {
  state: ScreenState
  readonly #terminal: Terminal
  readonly #paint: Paint
  readonly #shelf = new LinePlaceholders()
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
      (row) => this.#shelf.lineOf(row, this.state.columns),
    )
  }

  open(): void {
    const { input, output } = this.#terminal
    // Whole frames, one a change, are what its `debug` gives.
    this.#ink = render(this.#app(), {
      stdout: divertWrites(output, (text) => this.#frames.draw(text)),
      stdin: input,
      exitOnCtrlC: false,
      patchConsole: false,
      debug: true,
    })
  }

  /** `soon`: on a busy machine a frame takes long, and keys come first. */
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

  /** The terminal has another size. */
  redrawAll(): void {
    this.#frames.clear()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#frames.close()
    this.#ink?.unmount()
  }

  #app(): ReactElement {
    return <App state={this.state} paint={this.#paint} placeholders={this.#shelf} />
  }
}
