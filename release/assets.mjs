/**
 * node release/assets.mjs <folder>: writes what a release has beside the archive of the package,
 * which `release/pack.mjs` has put into the folder: notes, software bill of materials, the formula
 * of Homebrew, the manifest of Scoop, and the digests of all.
 */
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { archiveName, assetUrl, manifest, refuse, repositoryUrl, root, sha256 } from './project.mjs'

/** The file of digests; `sha256sum --check` reads it. */
const DIGESTS = 'SHA256SUMS'
const NOTES = 'notes.md'

const folder = resolve(process.argv[2] ?? '.')
if (!existsSync(join(folder, archiveName)))
  refuse(`there is no ${archiveName} in ${folder}: npm run pack -- ${folder}`)
const { version, description, homepage, license } = manifest
const digest = sha256(readFileSync(join(folder, archiveName)))

/** Returns the section of this version in the changelog, without its heading. */
function releaseNotes() {
  const sections = readFileSync(join(root, 'CHANGELOG.md'), 'utf8').split(/^## /m)
  const section = sections.find((text) => text.startsWith(`[${version}]`))
  if (section === undefined) refuse(`CHANGELOG.md has no section ## [${version}]`)
  return section.slice(section.indexOf('\n')).trim()
}

/** https://docs.brew.sh/Node-for-Formula-Authors */
function homebrewFormula() {
  return `class Oakum < Formula
  desc ${JSON.stringify(description)}
  homepage ${JSON.stringify(homepage)}
  url ${JSON.stringify(assetUrl(archiveName))}
  sha256 "${digest}"
  license "${license}"

  depends_on "node"

  def install
    system "npm", "install", *std_npm_args
    bin.install_symlink libexec.glob("bin/*")
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/oakum --version")
  end
end
`
}

/** https://github.com/ScoopInstaller/Scoop/wiki/App-Manifests */
function scoopManifest() {
  const program = String.raw`%~dp0package\dist\cli\bin.cjs`
  return `${JSON.stringify(
    {
      version,
      description,
      homepage,
      license,
      depends: ['nodejs', 'git'],
      url: assetUrl(archiveName),
      hash: digest,
      // Scoop starts no file of JavaScript by itself.
      pre_install: String.raw`Set-Content "$dir\oakum.cmd" '@node "${program}" %*'`,
      bin: 'oakum.cmd',
      checkver: { github: repositoryUrl },
    },
    undefined,
    2,
  )}\n`
}

copyFileSync(join(root, 'dist/sbom.cdx.json'), join(folder, 'sbom.cdx.json'))
writeFileSync(join(folder, NOTES), `${releaseNotes()}\n`)
writeFileSync(join(folder, 'oakum.rb'), homebrewFormula())
writeFileSync(join(folder, 'oakum.json'), scoopManifest())
const names = readdirSync(folder)
  .filter((name) => name !== DIGESTS && name !== NOTES)
  .sort()
writeFileSync(
  join(folder, DIGESTS),
  names.map((name) => `${sha256(readFileSync(join(folder, name)))}  ${name}\n`).join(''),
)
process.stdout.write(names.map((name) => `${join(folder, name)}\n`).join(''))
