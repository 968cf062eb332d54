/** Runs the screen: keys and what happens elsewhere in, frames out. The home of Ink. */
import { render } from 'ink'
import { painter } from '../report/colour.ts'
import { App } from './app.tsx'
import { diverted, Frames } from './frames.ts'
import { reduce } from './reduce.ts'
import { Shelf } from './shelf.ts'
import { type Effect, type Event, type Start, startState, type State } from './state.ts'
import { takeTerminal, type Terminal } from './terminal.ts'

interface Wish {
  readonly terminal: Terminal
  readonly start: Omit<Start, 'columns' | 'rows'>
  readonly colour: boolean
  /** Aborted when the process is asked to end. */
  readonly signal: AbortSignal
  /** Does what the state asks for; called with the state that asked. */
  readonly onEffect: (effect: Effect, state: State) => void
}

export interface Screen {
  readonly dispatch: (event: Event) => void
  /** The last state, once the terminal is as it was. */
  readonly ended: Promise<State>
}

/** What a scan says is shown so often at most, and takes at most this part of the time. */
const LEAST_MS = 150
const SHARE = 8

const sizeOf = ({ output }: Terminal): { readonly columns: number; readonly rows: number } => ({ columns: output.columns || 80, rows: output.rows || 24 })

/** Takes the terminal and draws until the reader quits, or the signal comes. */
export function openScreen({ terminal, start, colour, signal, onEffect }: Wish): Screen {
  const paint = painter(colour)
  const shelf = new Shelf()
  let state = startState({ ...start, ...sizeOf(terminal) })
  const closing: { finish?: (last: State) => void } = {}
  const ended = new Promise<State>((resolve) => {
    closing.finish = resolve
  })
  let timer: NodeJS.Timeout | undefined
  let costMs = 0
  const draw = (): void => {
    clearTimeout(timer)
    timer = undefined
    const startedAt = performance.now()
    frame.rerender(<App state={state} paint={paint} shelf={shelf} />)
    costMs = performance.now() - startedAt
  }
  const happen = (events: readonly Event[], when: 'now' | 'soon'): void => {
    for (const event of events) {
      if (state.exit !== undefined) return
      const step = reduce(state, event)
      state = step.state
      for (const effect of step.effects) onEffect(effect, state)
    }
    if (state.exit !== undefined) end()
    else if (when === 'now') draw()
    // On a busy machine a frame takes long, and keys come first.
    else timer ??= setTimeout(draw, Math.max(LEAST_MS, costMs * SHARE))
  }
  const restore = takeTerminal(terminal, (keys) => happen(keys.map((key) => ({ type: 'key', key })), 'now'))
  const frames = new Frames((text) => terminal.output.write(text), (row) => shelf.lineOf(row, state.columns))
  // Whole frames, one a change, are what its `debug` gives.
  const frame = render(<App state={state} paint={paint} shelf={shelf} />, {
    stdout: diverted(terminal.output, (text) => frames.draw(text)), stdin: terminal.input, exitOnCtrlC: false, patchConsole: false, debug: true,
  })
  const onResize = (): void => {
    frames.forget()
    happen([{ type: 'size', ...sizeOf(terminal) }], 'now')
  }
  const onAbort = (): void => happen([{ type: 'key', key: { name: 'ctrl', text: 'c' } }], 'now')
  let open = true
  const end = (): void => {
    if (!open) return
    open = false
    clearTimeout(timer)
    terminal.output.off('resize', onResize)
    signal.removeEventListener('abort', onAbort)
    frames.close()
    frame.unmount()
    restore()
    closing.finish?.(state)
  }
  terminal.output.on('resize', onResize)
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  return { dispatch: (event) => happen([event], 'soon'), ended }
}
