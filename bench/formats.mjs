// @ts-check
// How many of the formats that the rules know are found in five places, by Oakum and by other
// scanners. The samples are made of the templates of the rules.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runPeers } from './peers.mjs'

const samplesPerFormat = 3

/** @typedef {{ readonly id: string, readonly name: string, readonly template: string }} Format */

/**
 * The places of a token: a folder, the file in it, and its text for the name of a variable.
 * @type {readonly (readonly [place: string, file: string, text: (name: string, token: string) =>
 * string])[]}
 */
const places = [
  ['bare', 'a.txt', (_, token) => `x = "${token}"\n`],
  [
    'TypeScript',
    'client.ts',
    (name, token) => `export const ${camelCase(name)} = '${token}'\nstart(${camelCase(name)})\n`,
  ],
  [
    '.mcp.json',
    '.mcp.json',
    (name, token) =>
      `${JSON.stringify({ mcpServers: { app: { command: 'npx', env: { [name]: token } } } }, null, 2)}\n`,
  ],
  [
    'compose',
    'compose.yaml',
    (name, token) => `services:\n  app:\n    environment:\n      ${name}: ${token}\n`,
  ],
  ['.env', '.env', (name, token) => `PORT=3000\n${name}=${token}\n`],
]

/** @param {string} name */
function camelCase(name) {
  return name.toLowerCase().replace(/_([a-z0-9])/g, (_, char) => char.toUpperCase())
}

/** @param {string} root @param {string} path @returns {Promise<any>} */
function load(root, path) {
  return import(pathToFileURL(join(root, 'dist', path)).href)
}

/**
 * A format for each rule whose example has a token in one line.
 * @param {string} root @returns {Promise<readonly Format[]>}
 */
async function formatsOf(root) {
  const { decodeRuleFiles } = await load(root, 'rules/decode.js')
  const { parseYaml } = await load(root, 'rules/yaml/yaml.js')
  const folder = join(root, 'patterns')
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => ({ file, content: parseYaml(readFileSync(join(folder, file), 'utf8')).value }))
  return decodeRuleFiles(files).definitions.flatMap((/** @type {any} */ definition) => {
    const { id, provider, parts, examples } = definition
    const [, template] = /<<(?:secret:|token:)?([^:>\n][^>\n]*)>>/.exec(examples[0]) ?? []
    if (template === undefined || parts.length === 0 || /\s/.test(template)) return []
    const [, name] = /\b([A-Z][A-Z0-9]*_[A-Z0-9_]+)["']?[=:]/.exec(examples[0]) ?? []
    const ownName = `${provider.toUpperCase().replaceAll('-', '_')}_TOKEN`
    return [{ id, name: name ?? ownName, template }]
  })
}

/**
 * Writes the samples, and returns them by their path from the folder.
 * @param {string} root @param {string} folder @param {readonly Format[]} formats
 */
async function writeSamples(root, folder, formats) {
  const { expandSample } = await load(root, 'rules/samples/sample.js')
  const { seededRandom } = await load(root, 'rules/samples/seeded-random.js')
  const tokens = new Map()
  const random = seededRandom(Date.now() | 0)
  for (const { id, name, template } of formats) {
    for (let sample = 0; sample < samplesPerFormat; sample += 1) {
      for (const [place, file, text] of places) {
        // Scanners that report a value once would miss it in the other places.
        const token = expandSample(template, random).text
        const path = join(place.replace('.', ''), id, String(sample), file)
        mkdirSync(dirname(join(folder, path)), { recursive: true })
        writeFileSync(join(folder, path), text(name, token))
        tokens.set(path, { id, place, token })
      }
    }
  }
  return tokens
}

/**
 * For each place, the formats of which all samples were reported.
 * @param {readonly Format[]} formats @param {Map<string, any>} tokens
 * @param {(path: string, token: string) => boolean} isFound
 */
function foundFormats(formats, tokens, isFound) {
  const missed = new Set()
  for (const [path, { id, place, token }] of tokens)
    if (!isFound(path, token)) missed.add(`${place} ${id}`)
  return places.map(([place]) => formats.filter(({ id }) => !missed.has(`${place} ${id}`)))
}

/** @param {string} root */
async function oakumFinds(root, /** @type {string} */ folder) {
  const { builtinRules } = await load(root, 'rules/load.js')
  const { createEngine } = await load(root, 'scan/engine.js')
  const engine = createEngine(builtinRules().rules)
  const detector = engine.detector()
  return (/** @type {string} */ path, /** @type {string} */ token) => {
    const bytes = readFileSync(join(folder, path))
    const origins = [{ kind: 'file', path: { text: path } }]
    const blob = { id: path, kind: 'blob', origins, start: 0, bytes, last: true }
    return detector
      .detect(blob)
      .some(
        (/** @type {any} */ one) =>
          engine.suppress(one) === undefined &&
          one.parts.some((/** @type {any} */ part) => part.secret.reveal() === token),
      )
  }
}

/** @param {string} root */
export async function benchFormats(root) {
  const formats = await formatsOf(root)
  const folder = mkdtempSync(join(tmpdir(), 'oakum-formats-'))
  const reports = mkdtempSync(join(tmpdir(), 'oakum-reports-'))
  try {
    const tokens = await writeSamples(root, folder, formats)
    const oakum = foundFormats(formats, tokens, await oakumFinds(root, folder))
    console.log(
      `${formats.length} formats, ${samplesPerFormat} samples each, all of which must be found`,
    )
    console.log(`\n${''.padEnd(16)}${places.map(([place]) => place.padStart(12)).join('')}`)
    printRow('oakum', oakum)
    for (const { name, entries, failed } of runPeers(root, folder, reports)) {
      if (entries === undefined) {
        console.log(`${name.padEnd(16)}${failed ?? 'not in node_modules or on PATH'}`)
        continue
      }
      const reported = new Map()
      for (const { file, text } of entries) {
        const key = relative(folder, resolve(folder, file))
        reported.set(key, `${reported.get(key) ?? ''}\n${text}`)
      }
      const isFound = (/** @type {string} */ path, /** @type {string} */ token) =>
        (reported.get(path) ?? '').includes(token)
      printRow(name, foundFormats(formats, tokens, isFound))
    }
    places.forEach(([place], at) => {
      const found = new Set(oakum[at]?.map(({ id }) => id))
      const missed = formats.flatMap(({ id }) => (found.has(id) ? [] : [id]))
      console.log(`\nmissed by Oakum, ${place}: ${missed.join(', ') || 'none'}`)
    })
  } finally {
    for (const made of [folder, reports]) rmSync(made, { recursive: true, force: true })
  }
}

/** @param {string} name @param {readonly (readonly Format[])[]} found */
function printRow(name, found) {
  console.log(name.padEnd(16) + found.map(({ length }) => String(length).padStart(12)).join(''))
}
