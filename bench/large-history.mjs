/**
 * Writes a repository of many objects and findings, for trying what only size shows: `node
 * bench/large-history.mjs FOLDER [objects] [findings]`.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'

const [folder, objects = '500000', findings = '5000'] = process.argv.slice(2)
if (folder === undefined) throw new Error('name a folder that is not there yet')
mkdirSync(folder)
spawnSync('git', ['init', '-q', '-b', 'main', folder])

let state = 4711
const next = () => {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
  return state / 0x80000000
}
const draw = (alphabet, length) =>
  Array.from({ length }, () => alphabet[Math.floor(next() * alphabet.length)]).join('')
const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const words =
  'order price total customer item basket invoice address street country return const await async export function import state event'.split(
    ' ',
  )

// A commit that changes one file in a folder makes four objects: the commit, two trees, a blob.
const commits = Math.ceil(Number(objects) / 4)
const every = Math.max(1, Math.floor(commits / Number(findings)))
const git = spawn('git', ['-C', folder, 'fast-import', '--quiet', '--force'], {
  stdio: ['pipe', 'inherit', 'inherit'],
})

function content(at) {
  const lines = Array.from(
    { length: 12 },
    (_, line) =>
      `${words[(at * 7 + line) % words.length]} ${words[(at + line * 3) % words.length]} = ${at * 31 + line}`,
  )
  if (at % every === every - 1)
    lines.push(
      `aws_access_key_id = ${['AK', 'IA'].join('')}${draw(base32.slice(16), 1)}${draw(base32, 15)}`,
      `aws_secret_access_key = ${draw(base64, 40)}`,
    )
  return `${lines.join('\n')}\n`
}

for (let at = 0; at < commits; at += 1) {
  const text = content(at)
  const message = `Change ${at}`
  const written = git.stdin.write(
    [
      'commit refs/heads/main',
      `mark :${at + 1}`,
      `committer C <c@example.com> ${1_500_000_000 + at * 60} +0000`,
      `data ${message.length}`,
      message,
      ...(at === 0 ? [] : [`from :${at}`]),
      `M 100644 inline d${at % 40}/f${(at * 13) % 50}.ini`,
      `data ${text.length}`,
      text,
      '',
    ].join('\n'),
  )
  if (!written) await once(git.stdin, 'drain')
}
git.stdin.end()
await once(git, 'close')
spawnSync('git', ['-C', folder, 'update-ref', 'refs/remotes/origin/main', 'main~1000'])
spawnSync('git', ['-C', folder, 'reset', '-q', '--hard'])
