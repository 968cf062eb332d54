import { escapeForTerminal } from '../../report/terminal/escape.ts'
import type { Io } from '../process/io.ts'

type Terminal = Pick<Io, 'stdin' | 'stderr'>

/** Longer is no answer. */
const mostBytes = 1000

/**
 * Asks on the terminal and gives the line that is typed; empty when there is none any more. Nothing
 * else may read the standard input.
 */
export async function askLine({ stdin, stderr }: Terminal, question: string): Promise<string> {
  stderr.write(escapeForTerminal(question))
  let text = ''
  // Not `for await`: leaving that would close the standard input, and there may be another
  // question.
  const input = stdin[Symbol.asyncIterator]()
  while (!/[\r\n]/.test(text) && text.length < mostBytes) {
    const { done, value } = await input.next()
    if (done === true) {
      stderr.write('\n')
      break
    }
    text += Buffer.from(value).toString('utf8')
  }
  return text.split(/[\r\n]/, 1)[0] ?? ''
}

/** Asks, and takes `y` or `yes` for a yes; the end of input is a no. */
export async function confirm(terminal: Terminal, question: string): Promise<boolean> {
  return /^\s*y(?:es)?\s*$/i.test(await askLine(terminal, `${question} [y/N] `))
}

/** No question comes after: a terminal that is read from keeps the process alive. */
export async function stopAsking({ stdin }: Pick<Io, 'stdin'>): Promise<void> {
  await stdin[Symbol.asyncIterator]().return?.()
}
