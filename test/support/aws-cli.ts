/**
 * The AWS CLI of Debian, many commands in one process: starting it takes longer than all it does
 * here.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Pair } from './credentials.ts'
import { isolatedEnv } from './repo.ts'

/** Where it is not installed, its tests say so and are skipped. */
export const hasAwsCli = existsSync('/usr/lib/python3/dist-packages/awscli')

export interface CliCommand {
  /** As for a shell: `aws sts get-caller-identity`. */
  readonly line: string
  readonly keys: Pair & { readonly token?: string }
}

export interface CliRun {
  /** 252 where it does not understand the command. */
  readonly code: number
  readonly said: string
}

const script = `
import contextlib, io, json, os, shlex, sys
from awscli.clidriver import create_clidriver
url, commands = json.load(sys.stdin)
runs = []
for command in commands:
    keys = command['keys']
    os.environ.update(AWS_ACCESS_KEY_ID=keys['id'], AWS_SECRET_ACCESS_KEY=keys['secret'])
    os.environ.pop('AWS_SESSION_TOKEN', None)
    if 'token' in keys:
        os.environ['AWS_SESSION_TOKEN'] = keys['token']
    said = io.StringIO()
    code = 0
    for line in command['line'].split(' && '):
        words = shlex.split(line)
        assert words[0] == 'aws'
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                code = code or create_clidriver().main([*words[1:], '--endpoint-url', url])
            except SystemExit as end:
                code = code or end.code
    runs.append({'code': code, 'said': said.getvalue()})
json.dump(runs, sys.stdout)
`

/** Runs the commands one after the other against an endpoint. */
export function awsCli(commands: readonly CliCommand[], url: string): Promise<readonly CliRun[]> {
  const env = {
    ...isolatedEnv,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
    AWS_PAGER: '',
  }
  const child = spawn('/usr/bin/python3', ['-c', script], { env, stdio: 'pipe' })
  child.stdin.end(JSON.stringify([url, commands]))
  let [out, err] = ['', '']
  child.stdout.on('data', (text: Buffer) => (out += text.toString()))
  child.stderr.on('data', (text: Buffer) => (err += text.toString()))
  return new Promise((done, fail) => {
    child.on('error', fail)
    child.on('close', (code) =>
      code === 0
        ? done(JSON.parse(out) as readonly CliRun[])
        : fail(new Error(`the AWS CLI ended with ${code ?? 'a signal'}: ${err}`)),
    )
  })
}
