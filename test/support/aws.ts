/**
 * AWS on a loopback address: STS, IAM and CloudTrail, as far as verification asks them. Signatures
 * are checked for real.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'
import { temporaryFolder } from './repo.ts'

/** A key that the false AWS has issued. */
export interface IssuedKey {
  readonly id: string
  readonly secret: string
  readonly token?: string
  readonly state?: 'active' | 'inactive' | 'expired'
  /** The region of its partition's STS; default us-east-1. */
  readonly region?: string
  readonly arn?: string
  /** What it may ask of IAM and CloudTrail, as `iam:ListAccessKeys`; default everything. */
  readonly allowed?: readonly string[]
}

interface Call {
  readonly service: string
  readonly action: string
  readonly id: string
  readonly region: string
  readonly code: string
  readonly userAgent: string
  readonly params: URLSearchParams
  readonly body: string
  /** How many were being answered, this one among them. */
  readonly atOnce: number
}

/** What happens to a call instead of an answer. */
export type Mishap = 'html' | 'reset' | 'hang' | 'throttle' | 'race' | 'clock' | 'slow'

export interface FakeAws {
  readonly url: string
  readonly calls: readonly Call[]
  close(): Promise<void>
}

interface Options {
  readonly keys: readonly IssuedKey[]
  /** Asked before each call is answered. `nth` counts from 0, by key id. */
  readonly mishap?: (id: string, nth: number, region: string) => Mishap | undefined
  readonly tls?: boolean
}

export const account = '210987654321'

/** Starts it; a certificate of its own making for `tls`. */
export async function startAws(options: Options): Promise<FakeAws> {
  const calls: Call[] = []
  const counts = new Map<string, number>()
  const sockets = new Set<Socket>()
  let atOnce = 0
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    atOnce += 1
    void bodyOf(request).then(async (body) => {
      const signed = await readSigned(request, body, options.keys)
      const nth = counts.get(signed.id) ?? 0
      counts.set(signed.id, nth + 1)
      const mishap = options.mishap?.(signed.id, nth, signed.region)
      // Long enough that calls meet.
      await new Promise((done) => setTimeout(done, mishap === 'slow' ? 400 : 3))
      const [status, type, text, code] =
        mishap === undefined || mishap === 'slow' ? answerTo(signed, options.keys) : mishaps[mishap]
      const { id, region, service, action, params, userAgent } = signed
      calls.push({ id, region, service, action, params, body, userAgent, code, atOnce })
      atOnce -= 1
      if (mishap === 'reset') request.socket.destroy()
      else if (mishap !== 'hang')
        response.writeHead(status, { 'content-type': type, 'x-amzn-requestid': 'r-1' }).end(text)
    })
  }
  const server: Server =
    options.tls === true ? createTlsServer(selfSigned(), onRequest) : createServer(onRequest)
  server.on('connection', (socket) => sockets.add(socket))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: `${options.tls === true ? 'https' : 'http'}://127.0.0.1:${port}`,
    calls,
    close: () =>
      new Promise((done) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => done())
      }),
  }
}

type Reply = readonly [status: number, type: string, text: string, code: string]

const mishaps: Readonly<Record<Exclude<Mishap, 'slow'>, Reply>> = {
  html: [
    403,
    'text/html',
    '<!DOCTYPE html><html><body><h1>Blocked by policy</h1><br>InvalidClientTokenId</body></html>',
    'html',
  ],
  reset: [0, '', '', 'reset'],
  hang: [0, '', '', 'hang'],
  throttle: xmlError(400, 'Throttling'),
  race: xmlError(403, 'SignatureDoesNotMatch'),
  clock: xmlError(
    403,
    'SignatureDoesNotMatch',
    'Signature expired: 20260101T000000Z is now earlier than 20260101T001500Z (20260101T003000Z - 15 min.)',
  ),
}

interface Signed extends Omit<Call, 'code' | 'atOnce'> {
  readonly verdict: 'ok' | 'unknown' | 'wrong' | 'expired' | 'unsigned'
  readonly key: IssuedKey | undefined
}

async function readSigned(
  request: IncomingMessage,
  body: string,
  keys: readonly IssuedKey[],
): Promise<Signed> {
  const [, id = '', region = '', service = '', names = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=(\w+)\/\d{8}\/([\w-]+)\/([\w-]+)\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    ) ?? []
  const key =
    keys.find((one) => one.id === id && (one.region ?? 'us-east-1') === region) ??
    (service === 'cloudtrail' ? keys.find((one) => one.id === id) : undefined)
  const target = String(request.headers['x-amz-target'] ?? '')
  const params = new URLSearchParams(body)
  const action = target === '' ? (params.get('Action') ?? '') : target.replace(/^.*\./, '')
  const base = {
    id,
    region,
    service,
    action,
    params,
    body,
    userAgent: String(request.headers['user-agent'] ?? ''),
    key,
  }
  if (signature === '') return { ...base, verdict: 'unsigned' }
  if (key === undefined || key.state === 'inactive') return { ...base, verdict: 'unknown' }
  if ((key.token ?? '') !== String(request.headers['x-amz-security-token'] ?? ''))
    return { ...base, verdict: 'unknown' }
  const isRight =
    signature ===
    (await signatureOf({ request, body, names: names.split(';'), key, region, service }))
  return { ...base, verdict: !isRight ? 'wrong' : key.state === 'expired' ? 'expired' : 'ok' }
}

interface ToSign {
  readonly request: IncomingMessage
  readonly body: string
  readonly names: readonly string[]
  readonly key: IssuedKey
  readonly region: string
  readonly service: string
}

/** The signature that the secret gives, over the headers that were signed. */
async function signatureOf({
  request,
  body,
  names,
  key,
  region,
  service,
}: ToSign): Promise<string> {
  const date = String(request.headers['x-amz-date'])
  const payload = request.headers['x-amz-content-sha256']
  if (payload !== undefined && payload !== createHash('sha256').update(body).digest('hex'))
    return 'the body was changed'
  const signer = new SignatureV4({
    credentials: { accessKeyId: key.id, secretAccessKey: key.secret },
    region,
    service,
    sha256: Sha256,
    applyChecksum: false,
  })
  const signed = await signer.sign(
    {
      method: request.method ?? '',
      protocol: 'http:',
      hostname: '127.0.0.1',
      path: request.url ?? '/',
      query: {},
      body,
      headers: Object.fromEntries(names.map((name) => [name, String(request.headers[name])])),
    },
    {
      signingDate: new Date(
        date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
      ),
      signableHeaders: new Set(names),
    },
  )
  return /Signature=([0-9a-f]{64})/.exec(signed.headers['authorization'] ?? '')?.[1] ?? ''
}

function answerTo(signed: Signed, keys: readonly IssuedKey[]): Reply {
  const { verdict, key, action, service, region } = signed
  if (verdict === 'unsigned') return xmlError(403, 'MissingAuthenticationToken')
  if (verdict === 'unknown' || key === undefined)
    return refusal(
      service,
      403,
      service === 'sts' || service === 'iam'
        ? 'InvalidClientTokenId'
        : 'UnrecognizedClientException',
    )
  if (verdict === 'wrong') return refusal(service, 403, 'SignatureDoesNotMatch')
  if (verdict === 'expired') return refusal(service, 403, 'ExpiredToken')
  if (
    action !== 'GetCallerIdentity' &&
    key.allowed !== undefined &&
    !key.allowed.includes(`${service}:${action}`)
  )
    return refusal(
      service,
      403,
      service === 'cloudtrail' ? 'AccessDeniedException' : 'AccessDenied',
    )
  const give = actions[action]
  return give === undefined
    ? refusal(service, 400, 'InvalidAction')
    : give({ ...signed, key, region }, keys)
}

function event(name: string, at: number): object {
  return { EventId: name, EventName: name, EventSource: 's3.amazonaws.com', EventTime: at }
}

type Answering = Signed & { readonly key: IssuedKey }

export const leakedUser = 'deploy+ci'

const actions: Readonly<Record<string, (signed: Answering, keys: readonly IssuedKey[]) => Reply>> =
  {
    GetCallerIdentity: ({ key }) =>
      xml(
        'GetCallerIdentity',
        'sts',
        `<Arn>${key.arn ?? `arn:aws:iam::${account}:user/${leakedUser}`}</Arn><UserId>AIDAEXAMPLE</UserId><Account>${account}</Account>`,
      ),
    GetAccessKeyInfo: () => xml('GetAccessKeyInfo', 'sts', `<Account>${account}</Account>`),
    AssumeRole: (_, keys) => {
      const session = keys.find(({ token }) => token !== undefined)
      return xml(
        'AssumeRole',
        'sts',
        `<Credentials><AccessKeyId>${session?.id}</AccessKeyId><SecretAccessKey>${session?.secret}</SecretAccessKey><SessionToken>${session?.token}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>`,
      )
    },
    GetAccessKeyLastUsed: () =>
      xml(
        'GetAccessKeyLastUsed',
        'iam',
        `<UserName>${leakedUser}</UserName><AccessKeyLastUsed><LastUsedDate>2026-11-20T10:00:00Z</LastUsedDate><ServiceName>s3</ServiceName><Region>eu-west-1</Region></AccessKeyLastUsed>`,
      ),
    ListAccessKeys: (_, keys) => {
      const members = keys
        .filter(({ arn }) => arn === undefined)
        .map(
          ({ id, state }) =>
            `<member><UserName>${leakedUser}</UserName><AccessKeyId>${id}</AccessKeyId><Status>${state === 'inactive' ? 'Inactive' : 'Active'}</Status><CreateDate>2020-01-01T00:00:00Z</CreateDate></member>`,
        )
      return xml(
        'ListAccessKeys',
        'iam',
        `<AccessKeyMetadata>${members.join('')}</AccessKeyMetadata><IsTruncated>false</IsTruncated>`,
      )
    },
    ListAttachedUserPolicies: () =>
      xml(
        'ListAttachedUserPolicies',
        'iam',
        '<AttachedPolicies><member><PolicyName>AWSCompromisedKeyQuarantineV3</PolicyName><PolicyArn>arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3</PolicyArn></member></AttachedPolicies><IsTruncated>false</IsTruncated>',
      ),
    ListUserPolicies: () =>
      xml(
        'ListUserPolicies',
        'iam',
        '<PolicyNames><member>own-policy</member></PolicyNames><IsTruncated>false</IsTruncated>',
      ),
    ListGroupsForUser: () =>
      xml(
        'ListGroupsForUser',
        'iam',
        `<Groups><member><Path>/</Path><GroupName>admins</GroupName><GroupId>AGPA</GroupId><Arn>arn:aws:iam::${account}:group/admins</Arn><CreateDate>2020-01-01T00:00:00Z</CreateDate></member></Groups><IsTruncated>false</IsTruncated>`,
      ),
    ListAttachedGroupPolicies: () =>
      xml(
        'ListAttachedGroupPolicies',
        'iam',
        '<AttachedPolicies><member><PolicyName>AdministratorAccess</PolicyName><PolicyArn>arn:aws:iam::aws:policy/AdministratorAccess</PolicyArn></member></AttachedPolicies><IsTruncated>false</IsTruncated>',
      ),
    LookupEvents: ({ body, region }) => {
      const { NextToken: next } = JSON.parse(body) as { NextToken?: string }
      const page =
        region !== 'us-east-1'
          ? { Events: [] }
          : next === undefined
            ? {
                Events: [event('GetObject', 1_795_000_000), event('ListBuckets', 1_795_000_100)],
                NextToken: 'page-2',
              }
            : { Events: [event('GetObject', 1_795_000_200)] }
      return [200, 'application/x-amz-json-1.1', JSON.stringify(page), '']
    },
  }

function xml(action: string, service: 'sts' | 'iam', content: string): Reply {
  const namespace =
    service === 'sts'
      ? 'https://sts.amazonaws.com/doc/2011-06-15/'
      : 'https://iam.amazonaws.com/doc/2010-05-08/'
  return [
    200,
    'text/xml',
    `<${action}Response xmlns="${namespace}"><${action}Result>${content}</${action}Result><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></${action}Response>`,
    '',
  ]
}

function refusal(service: string, status: number, code: string): Reply {
  return service === 'cloudtrail'
    ? [status, 'application/x-amz-json-1.1', JSON.stringify({ __type: code, message: 'no' }), code]
    : xmlError(status, code)
}

function xmlError(status: number, code: string, message = 'no'): Reply {
  return [
    status,
    'text/xml',
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`,
    code,
  ]
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function selfSigned(): { readonly key: Buffer; readonly cert: Buffer } {
  const folder = temporaryFolder()
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const made = spawnSync('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=127.0.0.1',
    '-addext',
    'subjectAltName=IP:127.0.0.1',
    '-keyout',
    key,
    '-out',
    cert,
  ])
  if (made.status !== 0) throw new Error(`openssl made no certificate: ${made.stderr.toString()}`)
  return { key: readFileSync(key), cert: readFileSync(cert) }
}
