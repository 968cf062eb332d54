import type { Io } from './io.ts'

/** Longer is no answer. */
const MOST_BYTES = 1024

/** Asks on a terminal, and takes `y` or `yes` for a yes; the end of input is a no. */
export async function confirm(io: Pick<Io, 'stdin' | 'stderr'>, question: string): Promise<boolean> {
  io.stderr.write(`${question} [y/N] `)
  let answer = ''
  for await (const bytes of io.stdin) {
    answer += Buffer.from(bytes).toString('utf8')
    if (/[\r\n]/.test(answer) || answer.length > MOST_BYTES) break
  }
  return /^\s*y(?:es)?\s*$/i.test(answer.split(/[\r\n]/, 1)[0] ?? '')
}
