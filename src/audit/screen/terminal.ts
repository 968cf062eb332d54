/**
 * The one place that puts a terminal into another state, and back: alternate screen, raw keys,
 * marked pastes, no cursor, no wrapping.
 */
import { KeyDecoder, type Key } from './keys/keys.ts'

/** A terminal to draw on and to take keys from. */
export interface Terminal {
  readonly input: NodeJS.ReadStream
  readonly output: NodeJS.WriteStream
  /** Called when the process ends in whatever way but SIGKILL. Undefined takes it back. */
  readonly atEnd: (restore: (() => void) | undefined) => void
}

const ENTER_SCREEN = '\u001B[?1049h\u001B[?2004h\u001B[?7l\u001B[?25l\u001B[2J\u001B[H'
const LEAVE_SCREEN = '\u001B[0m\u001B[?2004l\u001B[?7h\u001B[?1049l\u001B[?25h'

/** So long a lone Escape may yet be the start of a longer sequence. */
const ESCAPE_MS = 40

/**
 * Takes the terminal until the function that is returned is called. `onKeys` gets all keys of one
 * reading together.
 */
export function takeTerminal(
  { input, output, atEnd }: Terminal,
  onKeys: (keys: readonly Key[]) => void,
): () => void {
  const decoder = new KeyDecoder()
  let timer: NodeJS.Timeout | undefined
  const onData = (text: string): void => {
    clearTimeout(timer)
    give(decoder.push(text))
    if (decoder.isWaiting) timer = setTimeout(() => give(decoder.flush()), ESCAPE_MS)
  }
  const give = (keys: readonly Key[]): void => {
    if (keys.length > 0) onKeys(keys)
  }
  let taken = true
  const restore = (): void => {
    if (!taken) return
    taken = false
    clearTimeout(timer)
    input.off('data', onData)
    // The terminal may be gone: then there is nothing to restore.
    if (!input.destroyed) input.setRawMode(false)
    input.pause()
    output.write(LEAVE_SCREEN)
    atEnd(undefined)
  }
  atEnd(restore)
  output.write(ENTER_SCREEN)
  input.setRawMode(true)
  input.setEncoding('utf8')
  input.on('data', onData)
  input.resume()
  return restore
}
