/** Says which packages the bundles contain: their licences and the software bill of materials. */
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const readManifest = (folder) => JSON.parse(readFileSync(resolve(folder, 'package.json'), 'utf8'))

/** Returns folder and package.json of every package that one of the input files belongs to. */
export function packagesOf(inputs) {
  // An input of a plugin begins with the name of a namespace, as in `lazy:<path>`.
  const folders = [...inputs].map(
    (input) => /^(?:[a-z-]{2,}:)?((?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1],
  )
  return [...new Set(folders)]
    .filter((folder) => folder !== undefined)
    .map((folder) => ({ folder, manifest: readManifest(resolve(root, folder)) }))
    .sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
}

const idOf = ({ manifest: { name, version } }) => `${name} ${version}`

/** Returns the licence texts that must be distributed with bundled packages, each text once. */
export function licenceTexts(packages) {
  const packagesOfText = new Map()
  for (const each of packages) {
    const folder = resolve(root, each.folder)
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
    const text = file === undefined ? '' : readFileSync(resolve(folder, file), 'utf8').trim()
    const line = `${idOf(each)} (${each.manifest.license})`
    packagesOfText.set(text, [...(packagesOfText.get(text) ?? []), line])
  }
  return [...packagesOfText]
    .map(([text, lines]) => `${lines.join('\n')}\n\n${text}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`)
}

/**
 * Returns a software bill of materials in CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/). The
 * digests are those of package-lock.json, of the archives that npm verified. It has no time and no
 * serial number, so that equal sources give an equal file.
 */
export function softwareBill(packages) {
  const { name, version, license } = readManifest(root)
  const lock = JSON.parse(readFileSync(resolve(root, 'package-lock.json'), 'utf8'))
  const bill = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: component('application', { name, version, license }) },
    components: packages.map(({ folder, manifest }) => {
      const integrity = lock.packages[folder.replace(/^.*?(?=node_modules\/)/, '')]?.integrity
      return {
        ...component('library', manifest),
        ...(integrity && { hashes: [digestOf(integrity)] }),
      }
    }),
  }
  return `${JSON.stringify(bill, undefined, 2)}\n`
}

function component(type, { name, version, license }) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`
  // The field is an SPDX id, or an expression such as "(MIT OR CC0-1.0)".
  const licences = / (?:OR|AND) /.test(license)
    ? { expression: license }
    : { license: { id: license } }
  return { type, 'bom-ref': purl, name, version, purl, licenses: [licences] }
}

/** `sha512-<base64>` of npm as a hash of CycloneDX. */
function digestOf(integrity) {
  const [algorithm, digest] = integrity.split('-')
  return {
    alg: algorithm.replace(/^sha/, 'SHA-'),
    content: Buffer.from(digest, 'base64').toString('hex'),
  }
}
