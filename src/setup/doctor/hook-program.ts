/** Will a hook find the program that it starts? */
import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { isFile } from '../install/managers/install-target.ts'
import type { Check, DoctorContext } from './check.ts'

/** Checks what `oakum install` recorded in a hook. */
export function checkRecordedProgram(
  path: string,
  block: string,
  { env, version, target: site }: DoctorContext,
): readonly Check[] {
  const [node, bin] = [valueOf(block, 'oakum_node'), valueOf(block, 'oakum_bin')]
  const anyNode = onPath('node', env)
  const again = 'oakum install, which records where they are now'
  const isThere = bin !== '' && isFile(resolve(site.top, bin))
  if (!isThere) {
    const other = onPath('oakum', env)
    const gone =
      bin === '' ? `${path} has no program recorded` : `${bin}, which ${path} starts, is gone`
    if (other === undefined)
      return [
        {
          id: 'program-gone',
          state: 'trouble',
          text: `${gone}, and there is no oakum on PATH: ${env['OAKUM_OPTIONAL'] === '1' ? 'nothing is scanned' : 'commits are stopped'}`,
          remedy: `npm install -g oakum, then: ${again}`,
        },
      ]
    return [
      {
        id: 'program-from-path',
        state: bin === '' ? 'good' : 'note',
        text: `${gone}; ${other} on PATH is run`,
        ...(bin !== '' && { remedy: again }),
      },
    ]
  }
  const recorded = versionOf(resolve(site.top, bin))
  const checks: Check[] =
    recorded === version
      ? []
      : [
          {
            id: 'other-version',
            state: 'note',
            text: `${path} runs Oakum ${recorded ?? 'of unknown version'} (${bin}), and this is ${version}`,
            remedy: 'oakum install, if this is the one to run',
          },
        ]
  if (node !== '' && isExecutable(node)) return checks
  const gone =
    node === '' ? `${path} has no node recorded` : `${node}, which ${path} runs Oakum with, is gone`
  if (anyNode === undefined)
    return [
      ...checks,
      {
        id: 'no-node',
        state: 'trouble',
        text: `${gone}, and there is no node on PATH: commits are stopped`,
        remedy: `install Node 20.19 or newer, then: ${again}`,
      },
    ]
  return node === ''
    ? checks
    : [
        ...checks,
        {
          id: 'node-from-path',
          state: 'note',
          text: `${gone}; ${anyNode} on PATH is run`,
          remedy: again,
        },
      ]
}

/** Checks the command in a file that others get too. */
export function checkSharedCommand(
  lines: string,
  by: string,
  { env, target: site }: DoctorContext,
): readonly Check[] {
  const [, local] = /(\.\/\S*node_modules\/\.bin\/oakum)/.exec(lines) ?? []
  if (local !== undefined) {
    if (isFile(resolve(site.top, local))) return []
    return [
      {
        id: 'program-gone',
        state: 'trouble',
        text: `${by} starts ${local}, which is not there`,
        remedy: 'npm install',
      },
    ]
  }
  if (
    onPath('oakum', env) !== undefined ||
    (by === 'husky' && isFile(join(site.top, 'node_modules/.bin/oakum')))
  )
    return []
  return [
    {
      id: 'program-gone',
      state: 'trouble',
      text: `${by} starts oakum, which is not on PATH`,
      remedy: 'npm install -g oakum',
    },
  ]
}

/** The first executable of that name on PATH that is no repository's own package. */
function onPath(name: string, env: DoctorContext['env']): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : ['']
  const places = (env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder.startsWith('/') || /^[A-Za-z]:/.test(folder))
  return places
    .flatMap((folder) => endings.map((ending) => join(folder, name + ending)))
    .find((path) => !/[\\/]node_modules[\\/]/.test(path) && isFile(path) && isExecutable(path))
}

function valueOf(block: string, name: string): string {
  const [, quoted = ''] =
    new RegExp(String.raw`^${name}='((?:[^']|'\\'')*)'$`, 'm').exec(block) ?? []
  return quoted.replaceAll(String.raw`'\''`, "'")
}

function versionOf(bin: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(
      readFileSync(join(dirname(dirname(dirname(bin))), 'package.json'), 'utf8'),
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
