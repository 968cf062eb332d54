/**
 * Prepares the terminal for the screen and restores it: alternate screen, raw mode, bracketed
 * paste, no cursor, no line wrapping.
 */
import { KeyDecoder, type Key } from './keys/keys.ts'

/** Terminal to draw on and to read keys from. */
export interface Terminal {
  readonly input: NodeJS.ReadStream
  readonly output: NodeJS.WriteStream
  /** Sets the function called when the process ends, except by SIGKILL; undefined removes it. */
  readonly atEnd: (restore: (() => void) | undefined) => void
}

const ENTER_SCREEN = '\u001B[?1049h\u001B[?2004h\u001B[?7l\u001B[?25l\u001B[2J\u001B[H'
const LEAVE_SCREEN = '\u001B[0m\u001B[?2004l\u001B[?7h\u001B[?1049l\u001B[?25h'

/** Time after which an Escape without further bytes is the Escape key, not a sequence. */
const ESCAPE_MS = 40

/**
 * Takes over the terminal and returns the function that restores it. `onKeys` gets all keys of one
 * read together.
 */
export function takeTerminal(
  { input, output, atEnd }: Terminal,
  onKeys: (keys: readonly Key[]) => void,
): () => void {
  const decoder = new KeyDecoder()
  let timer: NodeJS.Timeout | undefined
  const onData = (text: string): void => {
    clearTimeout(timer)
    emitKeys(decoder.push(text))
    if (decoder.isWaiting) timer = setTimeout(() => emitKeys(decoder.flush()), ESCAPE_MS)
  }
  const emitKeys = (keys: readonly Key[]): void => {
    if (keys.length > 0) onKeys(keys)
  }
  let isActive = true
  const restore = (): void => {
    if (!isActive) return
    isActive = false
    clearTimeout(timer)
    input.off('data', onData)
    // A destroyed input has no raw mode to restore.
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
