import { entryToWrite, parseAllowFile } from '../../config/allow-file.ts'
import { allowName, configName } from '../../config/files.ts'
import { writeJsonLines } from '../../config/json-lines.ts'
import { ConfigError } from '../../model/errors.ts'
import type { AllowEntry } from '../../model/policy.ts'
import { addToYaml, writeYaml } from '../../rules/yaml/yaml-edit.ts'
import type { Literal } from './regexp/required-literals.ts'
import type { AllowSecretEntry, Imported, ImportedPart, ImportedRule, Tool } from './model.ts'

/** A file to write: its name relative to the folder, with `/`. */
export interface OutputFile {
  readonly name: string
  readonly text: string
  /** What is there becomes part of it; otherwise nothing may be there. */
  readonly adds: boolean
}

/** Who allows what is imported, and when. */
export interface Signature {
  readonly author: string
  /** `2026-11-22` */
  readonly date: string
}

/** What a folder has already: the text of a file, or undefined. */
type Existing = (name: string) => string | undefined

/** More rules than this go into one more file: Oakum takes none over 512 KiB. */
const MAX_FILE_LENGTH = 400_000

/**
 * The files of what was imported, in the order in which they are to be written: the one that names
 * others comes last.
 */
export function outputFiles(
  imported: Imported,
  {
    tool,
    signature,
    existing,
  }: { readonly tool: Tool; readonly signature: Signature; readonly existing: Existing },
): readonly OutputFile[] {
  const patterns = patternFiles(imported.rules, tool)
  const additions = [
    { path: ['patterns'], items: patterns.map(({ name }) => name) },
    { path: ['allow', 'paths'], items: imported.paths },
    { path: ['allow', 'values'], items: imported.values },
  ].filter(({ items }) => items.length > 0)
  const files = [
    ...patterns,
    ...(imported.secrets.length === 0
      ? []
      : [allowFile(imported.secrets, signature, existing(allowName))]),
  ]
  if (additions.length === 0) return files
  const before = existing(configName)
  const made = addToYaml(before ?? 'version: 1\n', additions)
  if ('flaw' in made) throw new ConfigError(`${configName}:${made.flaw}`)
  return [...files, { name: configName, text: made.text, adds: before !== undefined }]
}

function patternFiles(rules: readonly ImportedRule[], tool: Tool): readonly OutputFile[] {
  const files: OutputFile[] = []
  let rest = rules.map(ruleToWrite)
  while (rest.length > 0) {
    let count = rest.length
    while (count > 1 && JSON.stringify(rest.slice(0, count)).length > MAX_FILE_LENGTH)
      count = Math.ceil(count / 2)
    const name = `.oakum/${tool}${files.length === 0 ? '' : `-${files.length + 1}`}.yaml`
    const head = `# Imported from ${tool}. Check it with: oakum rules check ${name}\n`
    files.push({
      name,
      text: head + writeYaml({ provider: tool, rules: rest.slice(0, count) }),
      adds: false,
    })
    rest = rest.slice(count)
  }
  return files
}

/** In the form of patterns/README.md. */
function ruleToWrite({ id, description, severity, madeBy, parts }: ImportedRule): unknown {
  const [first, ...others] = parts
  const head = {
    id,
    description,
    severity,
    ...(madeBy === 'machine' ? {} : { madeBy }),
    generic: true,
  }
  return others.length === 0
    ? { ...head, ...searchToWrite(first) }
    : { ...head, parts: parts.map((part) => ({ role: 'secret', ...searchToWrite(part) })) }
}

function searchToWrite({
  keywords,
  pattern,
  window,
  entropy,
}: ImportedPart): Readonly<Record<string, unknown>> {
  return {
    keywords: keywords.map(textToWrite),
    pattern: textToWrite(pattern),
    window,
    ...(entropy === 0 ? {} : { entropy }),
  }
}

function textToWrite({ text, ignoreCase }: Literal): unknown {
  return ignoreCase ? { text, ignoreCase } : text
}

/** What is there kept, and no secret twice in the same files, whatever for. */
function allowFile(
  secrets: readonly AllowSecretEntry[],
  { author, date }: Signature,
  before: string | undefined,
): OutputFile {
  const old = parseAllowFile(before ?? '', allowName)
  const known = new Set(old.map(keyOf))
  const fresh = secrets
    .map((secret) => ({ ...secret, author, date }))
    .filter((entry) => !known.has(keyOf(entry)) && known.add(keyOf(entry)))
  return {
    name: allowName,
    text: writeJsonLines([...old, ...fresh].map(entryToWrite)),
    adds: before !== undefined,
  }
}

function keyOf({ fingerprint, paths = [] }: Pick<AllowEntry, 'fingerprint' | 'paths'>): string {
  return [fingerprint, ...paths].join('\0')
}
