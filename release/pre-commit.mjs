/**
 * node release/pre-commit.mjs <clone>: adds this release to a clone of the repository that the
 * pre-commit framework installs from: one commit on its branch, and a tag.
 *
 * The framework installs a commit as it is, without a build, and `pre-commit autoupdate` takes the
 * newest tag that the default branch reaches. A commit of Oakum's own default branch has no compiled
 * program, and the tag that has one is on no branch. So the hooks have a repository of their own,
 * which contains nothing but the name and the version of the published package.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { git, manifest, refuse, repositoryUrl, root, tag } from './project.mjs'

const clone = resolve(process.argv[2] ?? '')
if (process.argv[2] === undefined || !existsSync(join(clone, '.git')))
  refuse('name a clone of the repository of the hooks')
if (git(clone, 'tag', '--list', tag) !== '') refuse(`${clone} has the tag ${tag} already`)

const values = {
  package: `${manifest.name}@${manifest.version}`,
  repository: repositoryUrl,
  mirror: `${repositoryUrl}-pre-commit`,
  tag,
}
const filled = (name) =>
  readFileSync(join(root, 'release/pre-commit', name), 'utf8').replaceAll(
    /<(package|repository|mirror|tag)>/g,
    (_, value) => values[value],
  )

writeFileSync(join(clone, '.pre-commit-hooks.yaml'), filled('hooks.yaml'))
writeFileSync(join(clone, 'README.md'), filled('README.md'))
// The framework installs the repository itself as a package too: this empty one.
writeFileSync(
  join(clone, 'package.json'),
  `${JSON.stringify({ name: 'oakum-pre-commit', version: manifest.version, license: manifest.license, files: [] }, undefined, 2)}\n`,
)
git(clone, 'add', '--all')
git(clone, 'commit', '--quiet', '--message', `Oakum ${manifest.version}`)
git(clone, 'tag', '--annotate', '--message', `Oakum ${manifest.version}`, tag)
process.stdout.write(`${clone}: ${tag} names ${git(clone, 'rev-parse', 'HEAD')}\n`)
