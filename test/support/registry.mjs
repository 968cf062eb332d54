/**
 * A registry of npm on loopback, which knows the archives of packages in one folder and nothing
 * else: `node registry.mjs <folder>` prints its address and serves until its input ends.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'

const folder = process.argv[2] ?? '.'

const versions = readdirSync(folder)
  .filter((name) => name.endsWith('.tgz'))
  .map((file) => {
    const bytes = readFileSync(join(folder, file))
    const manifest = JSON.parse(
      execFileSync('tar', ['-xzOf', join(folder, file), 'package/package.json'], {
        encoding: 'utf8',
      }),
    )
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
    return { file, bytes, manifest, integrity }
  })

const server = createServer((request, response) => {
  const [, name, , file] = decodeURIComponent(request.url ?? '').split('/')
  const of = versions.filter(({ manifest }) => manifest.name === name)
  const archive = versions.find((each) => each.file === file)
  if (archive !== undefined) response.end(archive.bytes)
  else if (of.length === 0) response.writeHead(404).end('{}')
  else
    response.setHeader('content-type', 'application/json').end(
      JSON.stringify({
        name,
        'dist-tags': { latest: of.at(-1)?.manifest.version },
        versions: Object.fromEntries(
          of.map((each) => [
            each.manifest.version,
            {
              ...each.manifest,
              dist: {
                integrity: each.integrity,
                tarball: `http://${request.headers.host}/${name}/-/${each.file}`,
              },
            },
          ]),
        ),
      }),
    )
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object') process.stdout.write(`http://127.0.0.1:${address?.port}/\n`)
})
process.stdin.resume().on('end', () => process.exit())
