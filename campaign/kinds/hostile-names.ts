/** Names that terminals, logs and parsers may take for something else. */
import { attacks } from '../../test/support/hostile.ts'
import type { Random } from '../random.ts'

const others: readonly Buffer[] = [
  Buffer.from([0xff, 0xfe, 0x80]),
  Buffer.from([0xc3, 0x28]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from('\u001b[2J\u001b]8;;http://example.com\u0007x'),
  Buffer.from('\u202etxt.exe\u2066'),
  Buffer.from('a\nb\rc\td'),
  Buffer.from('x'.repeat(4000)),
  Buffer.from('é'.repeat(120)),
  Buffer.from('.env\n'),
  Buffer.from('-rf'),
  Buffer.from(' '),
]

/** A name without slash and NUL, of one to three attacks. */
export function hostileName(random: Random): Buffer {
  const parts = Array.from({ length: 1 + random.below(3) }, () =>
    random.chance(0.5) ? random.pick(others) : Buffer.from(random.pick(attacks)),
  )
  return Buffer.from(Buffer.concat(parts).filter((byte) => byte !== 0 && byte !== 0x2f))
}

/** Characters that no output may hold as they are: controls, and those that change the direction. */
const raw =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

/** What stands around a raw control character; undefined when there is none. */
export function rawControl(text: string): string | undefined {
  const at = text.search(raw)
  return at < 0 ? undefined : text.slice(Math.max(0, at - 30), at + 10)
}
