import { describe, expect, test } from 'vitest'
import { harmlessComment } from '../../../src/remediation/untrack-env/comments.ts'
import {
  ignoreFileFor,
  ignoreLine,
  withLines,
} from '../../../src/remediation/untrack-env/ignore.ts'
import { templateOf } from '../../../src/remediation/untrack-env/template.ts'
import { awsPair, githubToken } from '../../support/credentials.ts'

const isHarmless = harmlessComment()
const lines = (text: string): readonly string[] =>
  templateOf([text], undefined, isHarmless).text.split('\n').slice(0, -1)

describe('templateOf', () => {
  test.each([
    [
      'plain values',
      'A=1\nB = two words\nC: three',
      ['A=', 'B =', 'C='].map((line) => line.replace(' =', '=')),
    ],
    ['quotes of each kind', "A=\"x # y\"\nB='it'\nC=`q`\nD=$'a\\x21'", ['A=', 'B=', 'C=', 'D=']],
    ['values over several lines', 'KEY="-----BEGIN\nabc=def\n-----END"\nB=1', ['KEY=', 'B=']],
    ['a line that goes on behind a backslash', 'A=abc\\\ndef\nB=1', ['A=', 'B=']],
    ['a quote that is never closed', 'A="abc\nB=1', ['A=', 'B=']],
    ['several on a line', 'export A=1 B=2\nexport C=3', ['export A=', 'B=', 'export C=']],
    ['names in quotes', 'export "A=b c"', ['A=']],
    [
      'remarks, if they are ones in every dialect',
      'A=1 # one\nB=x#y\nC="1" # of \'it\'\nD=1 #two',
      ['A= # one', 'B=', "C= # of 'it'", 'D='],
    ],
    ['entries that are commented out', '#A=1\n# export B=2\n', ['#A=', '# export B=']],
    ['a key once', 'A=1\nA=2', ['A=']],
    ['blank lines, and no line that is none', 'A=1\n\nrest of something\nB=2\n', ['A=', '', 'B=']],
    [
      'values that comments speak of',
      '# true or false\nDEBUG=false',
      ['# true or false', 'DEBUG='],
    ],
    ['a mark at the start', '\u00ef\u00bb\u00bfA=1', ['A=']],
    ['nothing of an empty value', 'A=\nB=""', ['A=', 'B=']],
  ])('removes the values of %s', (_what, text, expected) => {
    expect(lines(text)).toEqual(expected)
  })

  test('skips comments that repeat a value, contain a secret or look random', () => {
    const { id, secret } = awsPair(8601)
    const text = [
      'PASS=bluebird7',
      '# bluebird7 is the old one',
      `# ${githubToken(8602)}`,
      `# aws ${id}`,
      `# ${secret}`,
      'X=1 # was bluebird7',
      `Y=1 # ${githubToken(8603)}`,
      '# See https://docs.example.com/settings/environment for more',
      '',
    ].join('\n')
    const { text: template, skippedComments } = templateOf([text], undefined, isHarmless)
    expect(template).toBe(
      'PASS=\nX=\nY=\n# See https://docs.example.com/settings/environment for more\n',
    )
    expect(skippedComments).toBe(4)
  })

  test('changes no existing line', () => {
    const existing = 'A=kept\r\n#B=\r\nC=last'
    expect(templateOf(['A=1\nB=2\nC=3\n'], existing, isHarmless)).toMatchObject({
      text: existing,
      added: [],
    })
    expect(
      templateOf(
        ['# why\nD=4\n\n# no entry follows\n\nE=5\nD=6\n', 'E=7\nF=8\n'],
        existing,
        isHarmless,
      ),
    ).toMatchObject({ text: `${existing}\r\n# why\r\nD=\r\nE=\r\nF=\r\n`, added: ['D', 'E', 'F'] })
  })
})

describe('lines of .gitignore', () => {
  test('go to the nearest file, and match no more files than they must', () => {
    const there = new Set(['.gitignore', 'a/.gitignore'])
    expect(
      ['.env', 'a/.env', 'a/b/.env', 'c/.env'].map((path) =>
        ignoreFileFor(path, (one) => there.has(one)),
      ),
    ).toEqual(['.gitignore', 'a/.gitignore', 'a/.gitignore', '.gitignore'])
    expect([
      ignoreLine('a/b/.env', 'a/.gitignore', true),
      ignoreLine('a/b/.env', 'a/.gitignore', false),
      ignoreLine('#x*[1]? .env ', '.gitignore', true),
    ]).toEqual(['.env', '/b/.env', String.raw`\#x\*\[1\]\? .env\ `])
  })

  test('keep the line ends, and end an incomplete last line first', () => {
    expect(withLines('a\r\nb', ['c'])).toBe('a\r\nb\r\nc\r\n')
    expect(withLines('', ['c'])).toBe('c\n')
  })
})
