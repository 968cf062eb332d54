/** Checks that a hook finds the program it starts: Oakum, and the node that runs it. */
import { accessSync, constants } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { readRegularFile } from '../../model/regular-file.ts'
import { isFile } from '../install/managers/install-target.ts'
import type { Check, DoctorContext } from './check.ts'

const reinstallFix = 'oakum install, which records the current paths'

/** Checks the paths of Oakum and node that `oakum install` recorded in the hook file at `path`. */
export function checkRecordedProgram(
  path: string,
  block: string,
  context: DoctorContext,
): readonly Check[] {
  const bin = recordedValue(block, 'oakum_bin')
  if (bin === '' || !isFile(resolve(context.target.top, bin)))
    return [checkMissingProgram(path, bin, context)]
  return [
    ...checkRecordedVersion(path, bin, context),
    ...checkRecordedNode(path, recordedValue(block, 'oakum_node'), context),
  ]
}

/** Reports a recorded program that is missing: the hook falls back to `oakum` on PATH. */
function checkMissingProgram(path: string, bin: string, { env }: DoctorContext): Check {
  const missing =
    bin === '' ? `${path} records no program` : `${bin}, which ${path} starts, is missing`
  const fallback = findOnPath('oakum', env)
  if (fallback !== undefined)
    return {
      id: 'program-from-path',
      state: bin === '' ? 'good' : 'note',
      text: `${missing}; ${fallback} on PATH runs instead`,
      ...(bin !== '' && { remedy: reinstallFix }),
    }
  const effect = env['OAKUM_OPTIONAL'] === '1' ? 'nothing is scanned' : 'commits are stopped'
  return {
    id: 'program-gone',
    state: 'trouble',
    text: `${missing}, and there is no oakum on PATH: ${effect}`,
    remedy: `npm install -g oakum, then: ${reinstallFix}`,
  }
}

function checkRecordedVersion(
  path: string,
  bin: string,
  { version, target }: DoctorContext,
): readonly Check[] {
  const recorded = packageVersion(resolve(target.top, bin))
  if (recorded === version) return []
  return [
    {
      id: 'other-version',
      state: 'note',
      text: `${path} runs Oakum ${recorded ?? 'of unknown version'} (${bin}); this is ${version}`,
      remedy: 'oakum install, to run this version instead',
    },
  ]
}

/** Checks the recorded node. Without a record the hook is meant to use the node on PATH. */
function checkRecordedNode(path: string, node: string, { env }: DoctorContext): readonly Check[] {
  if (node !== '' && isExecutable(node)) return []
  const missing =
    node === '' ? `${path} records no node` : `${node}, with which ${path} runs Oakum, is missing`
  const fallback = findOnPath('node', env)
  if (fallback === undefined)
    return [
      {
        id: 'no-node',
        state: 'trouble',
        text: `${missing}, and there is no node on PATH: commits are stopped`,
        remedy: `install Node 20.19 or newer, then: ${reinstallFix}`,
      },
    ]
  if (node === '') return []
  return [
    {
      id: 'node-from-path',
      state: 'note',
      text: `${missing}; ${fallback} on PATH runs instead`,
      remedy: reinstallFix,
    },
  ]
}

/** Checks the command that starts Oakum in a hook manager's file, which is shared with others. */
export function checkSharedCommand(
  lines: string,
  manager: string,
  { env, target }: DoctorContext,
): readonly Check[] {
  const [, localPath] = /(\.\/\S*node_modules\/\.bin\/oakum)/.exec(lines) ?? []
  if (localPath !== undefined) {
    if (isFile(resolve(target.top, localPath))) return []
    return [
      {
        id: 'program-gone',
        state: 'trouble',
        text: `${manager} starts ${localPath}, which does not exist`,
        remedy: 'npm install',
      },
    ]
  }
  // Husky puts node_modules/.bin on PATH.
  const isLocal = manager === 'husky' && isFile(join(target.top, 'node_modules/.bin/oakum'))
  if (isLocal || findOnPath('oakum', env) !== undefined) return []
  return [
    {
      id: 'program-gone',
      state: 'trouble',
      text: `${manager} starts oakum, which is not on PATH`,
      remedy: 'npm install -g oakum',
    },
  ]
}

/** Returns the first executable of the name on PATH outside of every `node_modules`. */
function findOnPath(name: string, env: DoctorContext['env']): string | undefined {
  const extensions = process.platform === 'win32' ? ['.exe', '.cmd', ''] : ['']
  const folders = (env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder.startsWith('/') || /^[A-Za-z]:/.test(folder))
  return folders
    .flatMap((folder) => extensions.map((extension) => join(folder, name + extension)))
    .find((path) => !/[\\/]node_modules[\\/]/.test(path) && isFile(path) && isExecutable(path))
}

/** Returns the value of a shell variable in Oakum's block; empty where it has none. */
function recordedValue(block: string, name: string): string {
  const [, quoted = ''] =
    new RegExp(String.raw`^${name}='((?:[^']|'\\'')*)'$`, 'm').exec(block) ?? []
  return quoted.replaceAll(String.raw`'\''`, "'")
}

/** Reads the version from the package.json of the Oakum package that contains `bin`. */
function packageVersion(bin: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(
      readRegularFile(join(dirname(dirname(dirname(bin))), 'package.json')).toString('utf8'),
    )
    return typeof manifest === 'object' && manifest !== null && 'version' in manifest
      ? String(manifest.version)
      : undefined
  } catch {
    return undefined
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
