/** Formats an import as the policy files that Oakum reads. */
import { entryToWrite, parseAllowFile } from '../../config/allow-file.ts'
import { allowName, configName } from '../../config/files.ts'
import { writeJsonLines } from '../../config/json-lines.ts'
import { ConfigError } from '../../model/errors.ts'
import type { AllowEntry } from '../../model/policy.ts'
import { addToYaml, writeYaml } from '../../rules/yaml/yaml-edit.ts'
import type { Literal } from './regexp/required-literals.ts'
import type { AllowSecretEntry, Imported, ImportedPart, ImportedRule, Tool } from './model.ts'

export interface OutputFile {
  /** Path relative to the output folder, with `/`. */
  readonly name: string
  readonly text: string
  /** True when the text includes an existing file's content; else the file must not exist yet. */
  readonly adds: boolean
}

/** Author and date of the imported allow entries. */
export interface Signature {
  readonly author: string
  /** `2026-11-22` */
  readonly date: string
}

/** Returns the text of a file in the output folder; undefined when it does not exist. */
type ReadExisting = (name: string) => string | undefined

/** Length of the rules in one pattern file; Oakum refuses files over 512 KiB. */
const MAX_RULES_LENGTH = 400_000

/**
 * Returns the files of an import in the order to write them: oakum.yaml comes last, since it names
 * the pattern files.
 */
export function outputFiles(
  imported: Imported,
  {
    tool,
    signature,
    existing,
  }: { readonly tool: Tool; readonly signature: Signature; readonly existing: ReadExisting },
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
  const edited = addToYaml(before ?? 'version: 1\n', additions)
  if ('flaw' in edited) throw new ConfigError(`${configName}:${edited.flaw}`)
  return [...files, { name: configName, text: edited.text, adds: before !== undefined }]
}

function patternFiles(rules: readonly ImportedRule[], tool: Tool): readonly OutputFile[] {
  const files: OutputFile[] = []
  let remaining = rules.map(toRuleYaml)
  while (remaining.length > 0) {
    let count = remaining.length
    while (count > 1 && JSON.stringify(remaining.slice(0, count)).length > MAX_RULES_LENGTH)
      count = Math.ceil(count / 2)
    const name = `.oakum/${tool}${files.length === 0 ? '' : `-${files.length + 1}`}.yaml`
    const comment = `# Imported from ${tool}. Check it with: oakum rules check ${name}\n`
    files.push({
      name,
      text: comment + writeYaml({ provider: tool, rules: remaining.slice(0, count) }),
      adds: false,
    })
    remaining = remaining.slice(count)
  }
  return files
}

/** Returns a rule in the format that patterns/README.md describes. */
function toRuleYaml({ id, description, severity, madeBy, parts }: ImportedRule): unknown {
  const [first, ...others] = parts
  const head = {
    id,
    description,
    severity,
    ...(madeBy === 'machine' ? {} : { madeBy }),
    generic: true,
  }
  return others.length === 0
    ? { ...head, ...toPartYaml(first) }
    : { ...head, parts: parts.map((part) => ({ role: 'secret', ...toPartYaml(part) })) }
}

function toPartYaml({
  keywords,
  pattern,
  window,
  entropy,
}: ImportedPart): Readonly<Record<string, unknown>> {
  return {
    keywords: keywords.map(toTextYaml),
    pattern: toTextYaml(pattern),
    window,
    ...(entropy === 0 ? {} : { entropy }),
  }
}

function toTextYaml({ text, ignoreCase }: Literal): unknown {
  return ignoreCase ? { text, ignoreCase } : text
}

/** Adds secrets to the existing entries, except those that already have an entry for the same files. */
function allowFile(
  secrets: readonly AllowSecretEntry[],
  { author, date }: Signature,
  before: string | undefined,
): OutputFile {
  const existing = parseAllowFile(before ?? '', allowName)
  const keys = new Set(existing.map(keyOf))
  const added = secrets
    .map((secret) => ({ ...secret, author, date }))
    .filter((entry) => !keys.has(keyOf(entry)) && keys.add(keyOf(entry)))
  return {
    name: allowName,
    text: writeJsonLines([...existing, ...added].map(entryToWrite)),
    adds: before !== undefined,
  }
}

function keyOf({ fingerprint, paths = [] }: Pick<AllowEntry, 'fingerprint' | 'paths'>): string {
  return [fingerprint, ...paths].join('\0')
}
