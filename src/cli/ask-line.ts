import { escapeForTerminal } from '../report/escape.ts'
import type { Io } from './io.ts'

const mostBytes = 1000

/** Asks on the terminal and gives the line that is typed; empty when there is none any more. Nothing else may read the standard input. */
export async function askLine({ stdin, stderr }: Io, question: string): Promise<string> {
  stderr.write(escapeForTerminal(question))
  let text = ''
  // Not `for await`: leaving that would close the standard input, and there may be another question.
  const input = stdin[Symbol.asyncIterator]()
  while (!text.includes('\n') && text.length < mostBytes) {
    const { done, value } = await input.next()
    if (done === true) {
      stderr.write('\n')
      break
    }
    text += Buffer.from(value).toString('utf8')
  }
  return text.split('\n', 1)[0] ?? ''
}
