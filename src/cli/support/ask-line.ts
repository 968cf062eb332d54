/** Asks questions on the terminal. Nothing else may read standard input meanwhile. */
import { maskRandom } from '../../model/scrubber.ts'
import { escapeForTerminal } from '../../report/terminal/escape.ts'
import type { Io } from '../process/io.ts'

type QuestionIo = Pick<Io, 'stdin' | 'stderr'>

/** Limit for an answer; reading stops there even without a line end. */
const MAX_ANSWER_LENGTH = 1000

/** Writes `question` to stderr and returns the typed line; empty at the end of input. */
export async function askLine({ stdin, stderr }: QuestionIo, question: string): Promise<string> {
  stderr.write(escapeForTerminal(maskRandom(question)))
  let text = ''
  // Not `for await`: leaving that loop closes standard input, and another question may follow.
  const input = stdin[Symbol.asyncIterator]()
  while (!/[\r\n]/.test(text) && text.length < MAX_ANSWER_LENGTH) {
    const { done, value } = await input.next()
    if (done === true) {
      stderr.write('\n')
      break
    }
    text += Buffer.from(value).toString('utf8')
  }
  return text.split(/[\r\n]/, 1)[0] ?? ''
}

/** Asks a yes-or-no question. Only `y` and `yes` mean yes; the end of input means no. */
export async function confirm(io: QuestionIo, question: string): Promise<boolean> {
  return /^\s*y(?:es)?\s*$/i.test(await askLine(io, `${question} [y/N] `))
}

/** Closes standard input after the last question: an open one keeps the process alive. */
export async function stopAsking({ stdin }: Pick<Io, 'stdin'>): Promise<void> {
  await stdin[Symbol.asyncIterator]().return?.()
}
