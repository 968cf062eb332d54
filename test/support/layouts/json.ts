/** What writers of JSON make, and texts that hold JSON. */
import {
  type Credential,
  type Layout,
  severalLayout,
  temporaryLayout,
  textLayout,
} from './credential.ts'

/** PHP's json_encode escapes slashes. */
function php(value: unknown): string {
  return JSON.stringify(value).replaceAll('/', String.raw`\/`)
}

/** System.Text.Json escapes what could matter in HTML. */
function dotnet(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll(
    /[+&<>'`]/g,
    (char) => `\\u00${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

const camel = ({ id, secret }: Credential): object => ({
  region: 'eu-west-1',
  accessKeyId: id,
  secretAccessKey: secret,
})
const pascal = ({ id, secret, token }: Credential): object => ({
  Credentials: {
    AccessKeyId: id,
    SecretAccessKey: secret,
    SessionToken: token,
    Expiration: '2021-09-28T10:48:42Z',
  },
})
const snake = ({ id, secret }: Credential): object => ({
  aws: { access_key: id, secret_key: secret, bucket: 'b' },
})

function notebook(lines: readonly string[]): string {
  return JSON.stringify(
    {
      cells: [{ cell_type: 'code', execution_count: 1, metadata: {}, outputs: [], source: lines }],
      metadata: {},
      nbformat: 4,
      nbformat_minor: 5,
    },
    null,
    1,
  )
}

const bundle = ({ id, secret }: Credential): string =>
  `!function(e,t){"use strict";var n=t(7),r=new n.S3({accessKeyId:"${id}",secretAccessKey:"${secret}",region:"eu-west-1"});${'e.exports=function(e){return e&&e.__esModule?e:{default:e}};'.repeat(40)}}(window,require);`

export const json: readonly Layout[] = [
  textLayout('JSON', (one) => JSON.stringify(camel(one), null, 2)),
  textLayout('JSON on one line', (one) => JSON.stringify(snake(one))),
  textLayout('JSON, secret first', ({ id, secret }) =>
    JSON.stringify({ SecretAccessKey: secret, AccessKeyId: id }),
  ),
  severalLayout('JSON, list of objects', (all) =>
    JSON.stringify({ accounts: all.map((one, at) => ({ name: `a${at}`, ...camel(one) })) }),
  ),
  severalLayout('JSON, list of objects, secret first', (all) =>
    JSON.stringify(
      all.map(({ id, secret }) => ({
        secretAccessKey: secret,
        region: 'us-east-1',
        accessKeyId: id,
      })),
      null,
      2,
    ),
  ),
  textLayout('JSON with \\/', (one) => php(camel(one))),
  textLayout('JSON with \\u002B', (one) => dotnet(snake(one))),
  temporaryLayout('JSON of STS', (one) => JSON.stringify(pascal(one), null, 4)),
  temporaryLayout('JSON of STS with \\/', (one) => php(pascal(one))),
  textLayout('JSON in a string', (one) => JSON.stringify({ body: JSON.stringify(camel(one)) })),
  textLayout('JSON in a string in a string', (one) =>
    JSON.stringify({ event: JSON.stringify({ body: JSON.stringify(camel(one)) }) }),
  ),
  textLayout('JSON with \\/ in a string', (one) => php({ body: php(camel(one)) })),
  textLayout('JSON with \\u002B in a string', (one) =>
    JSON.stringify({ body: dotnet(camel(one)) }),
  ),
  textLayout('Terraform state', ({ id, secret }) =>
    JSON.stringify(
      {
        version: 4,
        resources: [
          {
            mode: 'managed',
            type: 'aws_iam_access_key',
            name: 'ci',
            instances: [
              {
                attributes: {
                  create_date: '2024-01-01T00:00:00Z',
                  encrypted_secret: null,
                  id,
                  pgp_key: null,
                  secret,
                  status: 'Active',
                  user: 'ci',
                },
              },
            ],
          },
        ],
      },
      null,
      2,
    ),
  ),
  textLayout('notebook', ({ id, secret }) =>
    notebook([
      'import os\n',
      `os.environ["AWS_ACCESS_KEY_ID"] = "${id}"\n`,
      `os.environ["AWS_SECRET_ACCESS_KEY"] = "${secret}"\n`,
    ]),
  ),
  textLayout('notebook, magic command', ({ id, secret }) =>
    notebook([`%env AWS_ACCESS_KEY_ID=${id}\n`, `%env AWS_SECRET_ACCESS_KEY=${secret}`]),
  ),
  textLayout('notebook, positional', ({ id, secret }) =>
    notebook(['import boto\n', `conn = boto.connect_s3('${id}', '${secret}')\n`]),
  ),
  textLayout('minified bundle', bundle),
  textLayout('source map', (one) =>
    JSON.stringify({
      version: 3,
      sources: ['a.js'],
      names: [],
      mappings: 'AAAA,SAASA',
      sourcesContent: [
        `const aws = {\n\taccessKeyId: "${one.id}",\n\tsecretAccessKey: "${one.secret}",\n}\n`,
      ],
    }),
  ),
  textLayout('CloudFormation', ({ id, secret }) =>
    JSON.stringify({ Environment: { Variables: { AWS_KEY: id, AWS_SECRET: secret } } }, null, 2),
  ),
  textLayout('appsettings', ({ id, secret }) =>
    dotnet({ AWS: { Profile: 'x', AccessKey: id, SecretKey: secret } }),
  ),
]
