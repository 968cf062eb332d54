/** Encodings that leave no plain character behind, addresses, mail and patches. */
import { stringify } from 'yaml'
import {
  type Credential,
  credentialOf,
  type Layout,
  plantedIn,
  type Rendered,
  textLayout,
} from './credential.ts'

const ini = ({ id, secret }: Credential): string =>
  `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`

/** Text as base64 once or twice, with the spans of the characters that hold any bit of a part. */
function encodeRendered({ bytes, credentials }: Rendered, times: number): Rendered {
  if (times === 0) return { bytes, credentials }
  const moved = credentials.map((parts) =>
    parts.map((part) => ({
      ...part,
      start: Math.floor((part.start * 8) / 6),
      end: Math.floor((part.end * 8 - 1) / 6) + 1,
    })),
  )
  return encodeRendered(
    { bytes: Buffer.from(bytes.toString('base64')), credentials: moved },
    times - 1,
  )
}

function base64(text: string, times: number): string {
  return encodeRendered({ bytes: Buffer.from(text), credentials: [] }, times).bytes.toString()
}

/**
 * Puts encoded bytes into a text where `@` stands; in lines of 76 characters when `wrap` says so.
 */
function placed(
  { bytes, credentials }: Rendered,
  template: string,
  wrap?: { readonly width: number; readonly gap: string },
): Rendered {
  const at = template.indexOf('@')
  const encoded = bytes.toString('latin1')
  const moved = (index: number): number =>
    at + index + (wrap === undefined ? 0 : Math.floor(index / wrap.width) * wrap.gap.length)
  const text =
    wrap === undefined
      ? encoded
      : encoded.replaceAll(new RegExp(`.{${wrap.width}}(?=.)`, 'g'), `$&${wrap.gap}`)
  return {
    bytes: Buffer.from(
      template.replace('@', () => text),
      'latin1',
    ),
    credentials: credentials.map((parts) =>
      parts.map((part) => ({ ...part, start: moved(part.start), end: moved(part.end - 1) + 1 })),
    ),
  }
}

/** A whole file in base64. */
function file(
  name: string,
  template: string,
  wrap?: { readonly width: number; readonly gap: string },
): Layout {
  return {
    name,
    render: (seed) => {
      const credential = credentialOf(seed)
      // What stands before shifts how characters and bytes align.
      const text = `${'#'.repeat(seed % 7)}\n${ini(credential)}`
      return placed(
        encodeRendered({ bytes: Buffer.from(text), credentials: plantedIn(text, [credential]) }, 1),
        template,
        wrap,
      )
    },
  }
}

/**
 * A Secret of Kubernetes: each value in base64 by itself, `times` times; `newline` as `echo`
 * without `-n` leaves it.
 */
function secretObject(
  name: string,
  times: number,
  names: readonly [id: string, secret: string],
  newline = '',
): Layout {
  return {
    name,
    render: (seed) => {
      const { id, secret } = credentialOf(seed)
      const [idText, secretText] = [base64(id + newline, times), base64(secret + newline, times)]
      const text = stringify(
        {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 'aws' },
          type: 'Opaque',
          data: { [names[0]]: idText, [names[1]]: secretText },
        },
        { lineWidth: 0 },
      )
      const part = (role: 'id' | 'secret', value: string, encoded: string) => {
        const inside = encodeRendered(
          {
            bytes: Buffer.from(value),
            credentials: [[{ role, value, start: 0, end: value.length }]],
          },
          times,
        ).credentials[0]?.[0]
        const at = text.indexOf(encoded)
        return { role, value, start: at + (inside?.start ?? 0), end: at + (inside?.end ?? 0) }
      }
      return {
        bytes: Buffer.from(text),
        credentials: [[part('secret', secret, secretText), part('id', id, idText)]],
      }
    },
  }
}

/**
 * RFC 2045, as mail programs write it: lines of at most 76 characters, cut by `=` at their ends.
 */
function quotedPrintable(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const tokens = Array.from(line, (char) =>
        /[ -<>-~]/.test(char)
          ? char
          : `=${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
      )
      let length = 0
      return tokens
        .map((token) => {
          length += token.length
          if (length <= 75) return token
          length = token.length
          return `=\r\n${token}`
        })
        .join('')
    })
    .join('\r\n')
}

const escaped = encodeURIComponent

export const encoded: readonly Layout[] = [
  textLayout(
    'address, user and password',
    ({ id, secret }) => `s3://${id}:${secret}@bucket/path\n`,
  ),
  textLayout(
    'address, percent-encoded',
    ({ id, secret }) => `CELERY_BROKER=sqs://${id}:${escaped(secret)}@\n`,
  ),
  textLayout(
    'address, percent-encoded in lower case',
    ({ id, secret }) =>
      `s3://${id}:${escaped(secret).replaceAll(/%../g, (code) => code.toLowerCase())}@bucket/path?x=1\n`,
  ),
  textLayout(
    'address, query',
    ({ id, secret }) =>
      `s3://b/p?access_key_id=${id}&secret_access_key=${escaped(secret)}&region=eu-west-1\n`,
  ),
  textLayout(
    'form',
    ({ id, secret }) =>
      `${new URLSearchParams({ AccessKeyId: id, SecretAccessKey: secret }).toString()}\n`,
  ),
  secretObject('Kubernetes secret', 1, ['aws_access_key_id', 'aws_secret_access_key']),
  secretObject(
    'Kubernetes secret, with line ends',
    1,
    ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
    '\n',
  ),
  secretObject('Kubernetes secret, names that say nothing', 1, ['username', 'password']),
  secretObject('Kubernetes secret, encoded twice', 2, [
    'aws_access_key_id',
    'aws_secret_access_key',
  ]),
  secretObject('Kubernetes secret, encoded twice, names that say nothing', 2, ['user', 'value']),
  file('base64 of a file', 'data:\n  credentials: @\n'),
  file('base64 of a file, in lines', 'Content-Transfer-Encoding: base64\r\n\r\n@\r\n', {
    width: 76,
    gap: '\r\n',
  }),
  file('base64 of a file, in an indented block', 'data:\n  credentials: |\n    @\n', {
    width: 64,
    gap: '\n    ',
  }),
  {
    name: 'base64 of a Kubernetes secret',
    render: (seed) =>
      placed(encodeRendered(secretObject('', 1, ['id', 'key']).render(seed), 1), 'MANIFEST=@\n'),
  },
  {
    name: 'base64 of a secret only',
    render: (seed) => {
      const { secret } = credentialOf(seed)
      const text = `${' '.repeat(seed % 3)}{"secretAccessKey": "${secret}"}`
      return placed(
        encodeRendered({ bytes: Buffer.from(text), credentials: plantedIn(text, [{ secret }]) }, 1),
        'config = "@"\n',
      )
    },
  },
  {
    name: 'Docker build argument in base64',
    render: (seed) => {
      const credential = credentialOf(seed)
      const text = `${credential.id}:${credential.secret}`
      return placed(
        encodeRendered({ bytes: Buffer.from(text), credentials: plantedIn(text, [credential]) }, 1),
        '{"auth":"@"}',
      )
    },
  },
  textLayout(
    'quoted-printable',
    (one) =>
      quotedPrintable(
        `Hello,\n\nAWS_ACCESS_KEY_ID=${one.id}\nAWS_SECRET_ACCESS_KEY=${one.secret}\n`,
      ),
    '=\\r\\n',
  ),
  textLayout(
    'quoted-printable, HTML on long lines',
    ({ id, secret }, random) =>
      quotedPrintable(
        `<p style="margin:0">${'x '.repeat(Math.floor(random() * 60))}Access key: <b>${id}</b>, secret key: <b class="k">${secret}</b>, valid from now on.</p>\n`,
      ),
    '=\\r\\n',
  ),
  textLayout(
    'patch',
    (one) =>
      `diff --git a/c b/c\n--- a/c\n+++ b/c\n@@ -0,0 +1,3 @@\n${ini(one).replaceAll(/^(?=.)/gm, '+')}`,
  ),
  textLayout(
    'patch that takes it out',
    (one) => `@@ -1,3 +0,0 @@\n${ini(one).replaceAll(/^(?=.)/gm, '-')}`,
  ),
  textLayout(
    'patch of a CSV',
    ({ id, secret }) => `@@ -1 +1,2 @@\n Access key ID,Secret access key\n+${id},${secret}\n`,
  ),
  textLayout(
    'patch of a block',
    ({ id, secret }) =>
      `@@ -0,0 +1,4 @@\n+aws_access_key_id:\n+${id}\n+aws_secret_access_key:\n+${secret}\n`,
  ),
]
