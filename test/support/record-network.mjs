// Loaded before the program (node --import): notes every attempt to reach a network and every child process in the file that
// OAKUM_RECORD names, and lets nothing out but to loopback addresses.
import childProcess from 'node:child_process'
import dgram from 'node:dgram'
import dns from 'node:dns'
import { appendFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

const note = (line) => appendFileSync(process.env.OAKUM_RECORD, `${line.replaceAll('\n', '\\n')}\n`)
const refusal = (host) => Object.assign(new Error(`not let out: ${host}`), { code: 'ENOTFOUND' })

const connect = net.Socket.prototype.connect
net.Socket.prototype.connect = function (...args) {
  // net.connect hands over what it made of its arguments: [[options, callback]].
  const [first] = Array.isArray(args[0]) ? args[0] : args
  const {
    host = 'localhost',
    port,
    path,
  } = typeof first === 'object' ? first : { port: first, host: args[1] }
  note(`connect ${path ?? `${host}:${port}`}`)
  if (host === '127.0.0.1') return connect.apply(this, args)
  process.nextTick(() => this.destroy(refusal(host)))
  return this
}

for (const name of [
  'lookup',
  'resolve',
  'resolve4',
  'resolve6',
  'resolveAny',
  'resolveTxt',
  'resolveSrv',
  'reverse',
]) {
  dns[name] = (host, ...rest) => {
    note(`dns ${host}`)
    rest.at(-1)(refusal(host))
  }
  if (dns.promises[name] !== undefined)
    dns.promises[name] = async (host) => {
      note(`dns ${host}`)
      throw refusal(host)
    }
}

const createSocket = dgram.createSocket
dgram.createSocket = (...args) => {
  note('udp')
  return createSocket(...args)
}

for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']) {
  const start = childProcess[name]
  childProcess[name] = (...args) => {
    note(`child ${JSON.stringify(args)}`)
    return start.apply(childProcess, args)
  }
}

syncBuiltinESMExports()
