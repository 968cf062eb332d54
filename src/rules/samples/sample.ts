/**
 * Expands sample templates, so that no file of this repository contains a text that looks like a
 * credential.
 */
import { ConfigError } from '../../model/errors.ts'
import type { Role } from '../../model/rule.ts'
import { roles } from '../../model/rule-definition.ts'
import { isAscii } from '../pattern-source.ts'
import { hasOwnLength, sampleValue, sampleValueNames } from './sample-values.ts'

/** A text made from a template, with the secrets that a rule must find in it. */
export interface Sample {
  readonly text: string
  /**
   * Half-open ranges of `text`, in order. A range without `role` is a secret of the role `secret`.
   */
  readonly secrets: readonly {
    readonly start: number
    readonly end: number
    readonly role?: Role
  }[]
}

/**
 * Tokens of a template: `<<`, `<<id:`, `>>`, `{name}` of a value with its own length, `{name:8}`,
 * `{name:8-20}`. Everything else stands for itself.
 */
const token =
  /<<(?:(id|secret|token):)?|>>|\{([A-Za-z][A-Za-z0-9-]*)(?::(\d{1,5})(?:-(\d{1,5}))?)?\}/g

/**
 * Expands a template such as `token: <<ghp_{base62:30}{github-checksum}>>`. `random` returns
 * numbers from 0 to less than 1. Throws `ConfigError` for marks that do not pair up and for unknown
 * values.
 */
export function expandSample(template: string, random: () => number): Sample {
  if (!isAscii(template)) throw new ConfigError('ASCII')
  const secrets: { start: number; end: number; role?: Role }[] = []
  let text = ''
  let open: { readonly start: number; readonly role: Role | undefined } | undefined
  let from = 0
  for (const match of template.matchAll(token)) {
    const [whole, role, name] = match
    text += template.slice(from, match.index)
    from = match.index + whole.length
    if (whole.startsWith('<<')) {
      if (open !== undefined)
        throw new ConfigError('a mark to be closed with >> before the next is opened')
      open = { start: text.length, role: roles.find((candidate) => candidate === role) }
    } else if (whole === '>>') {
      if (open === undefined || open.start === text.length)
        throw new ConfigError('>> only behind << and what it marks')
      secrets.push({
        start: open.start,
        end: text.length,
        ...(open.role === undefined ? {} : { role: open.role }),
      })
      open = undefined
    } else if (name !== undefined && (hasOwnLength(name) || whole.includes(':'))) {
      text += valueOf(match, { before: text, markStart: open?.start ?? 0, random })
    } else text += whole
  }
  if (open !== undefined) throw new ConfigError('a mark to be closed with >>')
  return { text: text + template.slice(from), secrets }
}

function valueOf(
  match: RegExpMatchArray,
  context: { before: string; markStart: number; random: () => number },
): string {
  const [, , name = '', minCount, maxCount] = match
  if (!sampleValueNames.includes(name))
    throw new ConfigError(
      `{name:count} with a name among ${sampleValueNames.join(', ')}, which ${name} is not`,
    )
  const min = Number(minCount ?? 1)
  const max = Number(maxCount ?? min)
  if (max < min) throw new ConfigError(`{${name}:least-most} in that order`)
  const count = min + Math.floor(context.random() * (max - min + 1))
  return sampleValue(name, count, context)
}
