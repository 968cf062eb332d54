// @ts-check
// Other scanners, as far as they are installed: how each is run on a folder, and what of its report
// is about which file.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'

/**
 * @typedef {{ readonly file: string, readonly text: string }} Entry What a tool reported: the file,
 * and what it says of the secret.
 */

/**
 * @typedef {object} Peer
 * @property {string} name
 * @property {(folder: string, report: string) => readonly string[]} args
 * @property {readonly number[]} codes What it ends with when it ran to its end.
 * @property {(output: string) => readonly Entry[]} entries Reads the report, or what was printed
 * where there is none.
 */

/** @param {string} text @returns {any[]} */
function jsonLines(text) {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
}

/** @param {string} output */
function gitleaksEntries(output) {
  return JSON.parse(output || '[]').map((/** @type {any} */ one) => ({
    file: one.File,
    text: `${one.Secret} ${one.Match}`,
  }))
}

/** @param {string} folder @param {string} report */
function gitleaksArgs(folder, report) {
  return [
    'dir',
    folder,
    '--no-banner',
    '--exit-code',
    '0',
    '--report-format',
    'json',
    '--report-path',
    report,
  ]
}

/** None of them is asked to verify: the credentials are made up. */
/** @type {readonly Peer[]} */
const peers = [
  { name: 'gitleaks', args: gitleaksArgs, codes: [0], entries: gitleaksEntries },
  { name: 'betterleaks', args: gitleaksArgs, codes: [0], entries: gitleaksEntries },
  {
    name: 'trufflehog',
    args: (folder) => ['filesystem', folder, '--json', '--no-update', '--no-verification'],
    codes: [0],
    entries: (output) =>
      jsonLines(output).flatMap((one) => {
        const file = one.SourceMetadata?.Data?.Filesystem?.file
        return file === undefined ? [] : [{ file, text: `${one.Raw} ${one.RawV2}` }]
      }),
  },
  {
    name: 'kingfisher',
    args: (folder) => [
      'scan',
      folder,
      '--no-validate',
      '--format',
      'jsonl',
      '--git-history',
      'none',
    ],
    codes: [0, 200, 205],
    entries: (output) =>
      jsonLines(output).flatMap((one) => {
        const file = one.finding?.path ?? one.path
        return file === undefined ? [] : [{ file, text: JSON.stringify(one) }]
      }),
  },
  {
    name: 'credsweeper',
    args: (folder, report) => ['--path', folder, '--save-json', report, '--sort'],
    codes: [0],
    entries: (output) =>
      JSON.parse(output).flatMap((/** @type {any} */ one) =>
        one.line_data_list.map((/** @type {any} */ line) => ({
          file: line.path,
          text: String(line.value),
        })),
      ),
  },
  {
    name: 'detect-secrets',
    args: (folder) => ['scan', '--all-files', '--no-verify', folder],
    codes: [0],
    entries: (output) =>
      Object.entries(JSON.parse(output).results).flatMap(([file, all]) =>
        all.map((/** @type {any} */ one) => ({ file, text: one.hashed_secret })),
      ),
  },
  {
    name: 'secretlint',
    args: (folder, report) => [
      '--secretlintrcJSON',
      '{"rules":[{"id":"@secretlint/secretlint-rule-preset-recommend"}]}',
      '--format',
      'json',
      '--no-maskSecrets',
      '--output',
      report,
      `${folder}/**/*`,
    ],
    codes: [0, 1],
    entries: (output) =>
      JSON.parse(output).flatMap((/** @type {any} */ one) => {
        const content = readFileSync(one.filePath, 'utf8')
        return one.messages.map((/** @type {any} */ message) => ({
          file: one.filePath,
          text: `${content.slice(...message.range)} ${message.message}`,
        }))
      }),
  },
]

/** Where a tool is, in node_modules or on PATH. @param {string} name @param {string} root */
function programOf(name, root) {
  const folders = [join(root, 'node_modules/.bin'), ...(process.env['PATH'] ?? '').split(delimiter)]
  return folders
    .map((folder) => resolve(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}

/**
 * Runs every peer that is installed on a folder. A tool that is there and could not be run or read
 * has `failed`, not nothing found.
 * @param {string} root @param {string} folder @param {string} reports
 * @returns {readonly { readonly name: string, readonly entries?: readonly Entry[], readonly
 * failed?: string }[]}
 */
export function runPeers(root, folder, reports) {
  return peers.map(({ name, args, codes, entries }) => {
    const program = programOf(name, root)
    if (program === undefined) return { name }
    const report = join(reports, `${name}.json`)
    const { stdout, stderr, error, status } = spawnSync(program, args(folder, report), {
      encoding: 'utf8',
      cwd: folder,
      maxBuffer: 1 << 30,
    })
    try {
      if (error) throw error
      if (!codes.includes(status ?? -1)) throw new Error('nothing on stderr')
      const hasReport = args(folder, report).includes(report)
      return { name, entries: entries(hasReport ? readFileSync(report, 'utf8') : stdout) }
    } catch (problem) {
      const detail = problem instanceof Error ? problem.message : String(problem)
      return {
        name,
        failed: `ended with ${status ?? 'a signal'} and is not compared: ${(stderr || detail).trim().split('\n')[0]}`,
      }
    }
  })
}
