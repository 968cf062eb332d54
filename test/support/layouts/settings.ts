/** Files of settings, and commands that set them. */
import { stringify } from 'yaml'
import { type Layout, pick, severalLayout, temporaryLayout, textLayout } from './credential.ts'

const noise = [
  '# for the batch jobs',
  'region = eu-west-1',
  'output = json',
  '',
  'retries = 3',
] as const

export const settings: readonly Layout[] = [
  textLayout(
    'env',
    ({ id, secret }) =>
      `PORT=3000\nAWS_ACCESS_KEY_ID=${id}\nAWS_SECRET_ACCESS_KEY=${secret}\nDEBUG=false\n`,
  ),
  textLayout(
    'env, secret first',
    ({ id, secret }) => `AWS_SECRET_ACCESS_KEY=${secret}\nAWS_ACCESS_KEY_ID=${id}\n`,
  ),
  textLayout(
    'env, CRLF and quotes',
    ({ id, secret }) => `AWS_ACCESS_KEY_ID='${id}'\r\nAWS_SECRET_ACCESS_KEY="${secret}"\r\n`,
  ),
  textLayout('export', ({ id, secret }, random) => {
    const quote = pick(random, ['"', "'", ''])
    return `#!/bin/sh\nexport AWS_ACCESS_KEY_ID=${quote}${id}${quote}\nexport AWS_SECRET_ACCESS_KEY=${quote}${secret}${quote}\naws s3 ls\n`
  }),
  textLayout(
    'default of a shell variable',
    ({ id, secret }) =>
      `: "\${AWS_ACCESS_KEY_ID:-${id}}"\n: "\${AWS_SECRET_ACCESS_KEY:-${secret}}"\n`,
  ),
  textLayout(
    'command with variables before it',
    ({ id, secret }) =>
      `AWS_ACCESS_KEY_ID=${id} AWS_SECRET_ACCESS_KEY=${secret} aws s3 cp a s3://b/\n`,
  ),
  textLayout(
    'docker run -e',
    ({ id, secret }) =>
      `docker run -e AWS_ACCESS_KEY_ID=${id} -e AWS_SECRET_ACCESS_KEY=${secret} app:latest\n`,
  ),
  textLayout(
    'ini profile',
    ({ id, secret }, random) =>
      `[default]\n${pick(random, noise)}\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`,
  ),
  severalLayout('ini profiles', (all, random) =>
    all
      .map(
        ({ id, secret }, at) =>
          `[profile team${at}]\naws_access_key_id=${id}\n${pick(random, noise)}\naws_secret_access_key=${secret}\n${pick(random, noise)}\n`,
      )
      .join('\n'),
  ),
  severalLayout('ini profiles, secret first', (all, random) =>
    all
      .map(
        ({ id, secret }, at) =>
          `[team${at}]\naws_secret_access_key = ${secret}\n${pick(random, noise)}\n${pick(random, noise)}\naws_access_key_id = ${id}\n`,
      )
      .join('\n'),
  ),
  severalLayout('ini profiles, in either order', (all, random) =>
    all
      .map(({ id, secret }, at) => {
        const lines = [
          `aws_access_key_id = ${id}`,
          pick(random, noise),
          `aws_secret_access_key = ${secret}`,
        ]
        return `[team${at}]\n${(random() < 0.5 ? lines : lines.toReversed()).join('\n')}\n`
      })
      .join('\n'),
  ),
  temporaryLayout(
    'ini profile with a session token',
    ({ id, secret, token }) =>
      `[mfa]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\naws_session_token = ${token}\n`,
  ),
  textLayout(
    'properties',
    ({ id, secret }) =>
      `# settings\ncloud.aws.credentials.accessKey=${id}\ncloud.aws.credentials.secretKey=${secret}\ncloud.aws.region.static=eu-west-1\n`,
  ),
  textLayout(
    'properties, escaped',
    ({ id, secret }) => `aws.accessKeyId: ${id}\naws.secretKey: ${secret.replaceAll('=', '\\=')}\n`,
  ),
  textLayout(
    'TOML',
    ({ id, secret }) =>
      `[storage.s3]\nbucket = "b"\naccess_key = "${id}"\nsecret_key = "${secret}"\n`,
  ),
  textLayout(
    'Gradle',
    ({ id, secret }) =>
      `repositories {\n  maven {\n    url "s3://b/releases"\n    credentials(AwsCredentials) {\n      accessKey "${id}"\n      secretKey "${secret}"\n    }\n  }\n}\n`,
  ),
  textLayout('YAML', ({ id, secret }) =>
    stringify({
      production: {
        storage: {
          provider: 'AWS',
          access_key_id: id,
          secret_access_key: secret,
          region: 'eu-west-1',
        },
      },
    }),
  ),
  textLayout('YAML, S3_SECRET', ({ id, secret }) => stringify({ S3_KEY: id, S3_SECRET: secret })),
  textLayout('YAML, list of variables', ({ id, secret }) =>
    stringify({
      containers: [
        {
          name: 'app',
          env: [
            { name: 'AWS_ACCESS_KEY_ID', value: id },
            { name: 'AWS_SECRET_ACCESS_KEY', value: secret },
          ],
        },
      ],
    }),
  ),
  textLayout(
    'YAML, compose',
    ({ id, secret }) =>
      `services:\n  app:\n    environment:\n      - AWS_ACCESS_KEY_ID=${id}\n      - "AWS_SECRET_ACCESS_KEY=${secret}"\n`,
  ),
  textLayout(
    'YAML, folded on the next line',
    ({ id, secret }, random) =>
      `data:\n  aws_access_key_id: ${id}\n  aws_secret_access_key: ${pick(random, ['>-', '>', '|', '|-'])}\n    ${secret}\n  region: eu\n`,
  ),
  textLayout(
    'YAML, folded within the secret',
    ({ id, secret }, random) => {
      const cut = 5 + Math.floor(random() * 30)
      return `data:\n  aws_access_key_id: ${id}\n  aws_secret_access_key: >-\n    ${secret.slice(0, cut)}\n    ${secret.slice(cut)}\n  region: eu\n`
    },
    '\\n {4}',
  ),
  textLayout(
    'YAML, quoted over two lines',
    ({ id, secret }, random) => {
      const cut = 5 + Math.floor(random() * 30)
      return `aws_access_key_id: "${id}"\naws_secret_access_key: "${secret.slice(0, cut)}\\\n    ${secret.slice(cut)}"\n`
    },
    '\\\\\\n {4}',
  ),
  textLayout(
    'Dockerfile, ENV K v',
    ({ id, secret }) =>
      `FROM node:20\nENV AWS_ACCESS_KEY_ID ${id}\nENV AWS_SECRET_ACCESS_KEY ${secret}\nRUN npm ci\n`,
  ),
  textLayout(
    'Dockerfile, ENV K=v',
    ({ id, secret }) =>
      `FROM node:20\nENV AWS_ACCESS_KEY_ID=${id} \\\n    AWS_SECRET_ACCESS_KEY=${secret}\n`,
  ),
  textLayout(
    'Dockerfile, ARG',
    ({ id, secret }) =>
      `FROM node:20\nARG AWS_ACCESS_KEY_ID=${id}\nARG AWS_SECRET_ACCESS_KEY="${secret}"\n`,
  ),
  textLayout(
    'aws configure set',
    ({ id, secret }) =>
      `aws configure set aws_access_key_id ${id}\naws configure set aws_secret_access_key ${secret} --profile x\n`,
  ),
  textLayout(
    'setx',
    ({ id, secret }) =>
      `setx AWS_ACCESS_KEY_ID ${id}\r\nsetx AWS_SECRET_ACCESS_KEY "${secret}" /M\r\n`,
  ),
  textLayout('PowerShell', ({ id, secret }, random) => {
    const quote = pick(random, ['"', "'"])
    return `$env:AWS_ACCESS_KEY_ID = ${quote}${id}${quote}\r\n$env:AWS_SECRET_ACCESS_KEY=${quote}${secret}${quote}\r\n`
  }),
  textLayout(
    'systemd',
    ({ id, secret }) =>
      `[Service]\nEnvironment="AWS_ACCESS_KEY_ID=${id}"\nEnvironment="AWS_SECRET_ACCESS_KEY=${secret}"\n`,
  ),
  textLayout(
    'rclone',
    ({ id, secret }) =>
      `[remote]\ntype = s3\nprovider = AWS\naccess_key_id = ${id}\nsecret_access_key = ${secret}\n`,
  ),
  textLayout(
    's3cfg',
    ({ id, secret }) =>
      `[default]\naccess_key = ${id}\nbucket_location = US\nsecret_key = ${secret}\n`,
  ),
  textLayout('passwd-s3fs', ({ id, secret }) => `${id}:${secret}\n`),
]
