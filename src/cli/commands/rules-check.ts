/** `oakum rules check [file..]`: tests the user's own rules against their examples. */
import { basename, dirname, resolve } from 'node:path'
import { diskFiles } from '../../config/disk.ts'
import type { PolicyFiles } from '../../config/files.ts'
import { readOwnRules } from '../../config/own-rules.ts'
import { configError, type FileProblem } from '../../config/problem.ts'
import { proveRule } from '../../scan/rule-proof/prove-rule.ts'
import { UsageError } from '../../model/errors.ts'
import type { OwnRule } from '../../model/policy.ts'
import { builtinDefinitions } from '../../rules/builtin.ts'
import { compileOwnRule } from '../../rules/compile.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { exitCodes } from '../support/exit-code.ts'
import type { Io } from '../process/io.ts'
import { writeLines } from '../support/without-secrets.ts'
import { loadPolicyFor } from '../arguments/policy.ts'

/** Checks the rules in the named files; without files, those that `oakum.yaml` names. */
export async function runRulesCheck(invocation: Invocation, io: Io): Promise<number> {
  const names = invocation.positionals.slice(1)
  const rules =
    names.length > 0
      ? await readRules(names, io)
      : (await loadPolicyFor(invocation, io)).policy.rules
  if (rules.length === 0)
    throw new UsageError('rules check needs pattern files: oakum.yaml names none, so name some')
  const problems = rules.flatMap(({ definition, place }): readonly FileProblem[] =>
    proveRule(definition, compileOwnRule(definition, definition.id)).map(({ field, text }) => ({
      file: place,
      text: `${definition.id}: ${field}: ${text}`,
    })),
  )
  const [first, ...others] = problems
  if (first !== undefined) throw configError([first, ...others])
  await writeLines(io.stdout, rules.map(resultText))
  return exitCodes.clean
}

function resultText({ definition, place }: OwnRule): string {
  const { id, examples, counterExamples } = definition
  if (examples.length === 0)
    return `${place}: ${id}: valid, but without examples nothing shows that it finds anything`
  return `${place}: ${id}: good, ${examples.length} examples and ${counterExamples.length} counter-examples`
}

async function readRules(names: readonly string[], { cwd }: Io): Promise<readonly OwnRule[]> {
  const files: PolicyFiles = {
    displayName: (name) => name,
    read: (name, limit) => {
      const path = resolve(cwd, name)
      const folderPrefix = name.slice(0, name.length - basename(name).length)
      return diskFiles(dirname(path), folderPrefix).read(basename(path), limit)
    },
  }
  const reading = await readOwnRules(files, names, new Set(builtinDefinitions.map(({ id }) => id)))
  if ('rules' in reading) return reading.rules
  const [first, ...others] = reading.problems
  throw first === undefined
    ? new UsageError('rules check found nothing to check')
    : configError([first, ...others])
}
