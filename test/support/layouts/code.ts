/** Source code. */
import {
  type Credential,
  type Layout,
  pick,
  severalLayout,
  temporaryLayout,
  textLayout,
} from './credential.ts'

/** A literal in two or three pieces, the first of which has `first` characters at least. */
function pieces(text: string, random: () => number, first: number): readonly string[] {
  const cuts = [
    0,
    ...Array.from(
      { length: pick(random, [1, 2]) },
      () => first + Math.floor(random() * (text.length - first)),
    ),
    text.length,
  ].sort((a, b) => a - b)
  return cuts
    .slice(1)
    .map((to, at) => text.slice(cuts[at], to))
    .filter((piece) => piece !== '')
}

/**
 * Both halves of a credential as literals in pieces, put together by `joiner`. `first` is 4 where
 * nothing but the prefix of the id says what it is.
 */
function inPieces(
  name: string,
  joiner: string,
  write: (id: string, secret: string) => string,
  { quote = '"', first = 1 } = {},
): Layout {
  const literal = (text: string, random: () => number): string =>
    pieces(text, random, first)
      .map((piece) => quote + piece + quote)
      .join(joiner)
  return textLayout(
    name,
    ({ id, secret }, random) => write(literal(id, random), literal(secret, random)),
    `${quote}${joiner.replaceAll(/[^A-Za-z0-9\s]/g, '\\$&').replaceAll('\n', '\\n')}${quote}`,
  )
}

/** A literal that a backslash at the end of a line continues. */
function continued(
  name: string,
  indent: string,
  write: (credential: Credential) => string,
): Layout {
  return textLayout(
    name,
    ({ id, secret }, random) => {
      const cut = 1 + Math.floor(random() * 38)
      return write({ id, secret: `${secret.slice(0, cut)}\\\n${indent}${secret.slice(cut)}` })
    },
    `\\\\\\n${indent}`,
  )
}

export const code: readonly Layout[] = [
  textLayout('positional arguments', ({ id, secret }, random) =>
    pick(random, [
      `conn = boto.connect_s3('${id}', '${secret}')\n`,
      `AWSCredentials credentials = new BasicAWSCredentials("${id}", "${secret}");\n`,
      `sess := credentials.NewStaticCredentials("${id}", "${secret}", "")\n`,
      `var client = new AmazonS3Client("${id}", "${secret}", RegionEndpoint.EUWest1);\n`,
      `client(\n    "${id}",\n    "${secret}",\n)\n`,
    ]),
  ),
  severalLayout('positional arguments, several calls', (all) =>
    all.map(({ id, secret }, at) => `c${at} = connect("${id}","${secret}")\n`).join(''),
  ),
  severalLayout('positional arguments, secret first', (all) =>
    all.map(({ id, secret }, at) => `c${at} = connect("${secret}", "${id}")\n`).join(''),
  ),
  textLayout(
    'Python, keywords',
    ({ id, secret }) =>
      `s3 = boto3.client(\n    's3',\n    aws_access_key_id='${id}',\n    aws_secret_access_key='${secret}',\n)\n`,
  ),
  textLayout(
    'Python, default of an environment variable',
    ({ id, secret }) =>
      `KEY = os.environ.get('AWS_ACCESS_KEY_ID', '${id}')\nSECRET = os.environ.get('AWS_SECRET_ACCESS_KEY', '${secret}')\n`,
  ),
  temporaryLayout(
    'Python, with a session token',
    ({ id, secret, token }) =>
      `boto3.Session(\n    aws_access_key_id="${id}",\n    aws_secret_access_key="${secret}",\n    aws_session_token="${token}")\n`,
  ),
  textLayout(
    'Ruby, =>',
    ({ id, secret }) =>
      `Aws.config.update({\n  :access_key_id => '${id}',\n  :secret_access_key => '${secret}'\n})\n`,
  ),
  textLayout(
    'Ruby, keywords',
    ({ id, secret }) =>
      `Aws::Credentials.new(access_key_id: '${id}', secret_access_key: "${secret}")\n`,
  ),
  textLayout(
    'PHP array',
    ({ id, secret }) =>
      `<?php\n$s3 = new S3Client([\n    'credentials' => [\n        'key'    => '${id}',\n        'secret' => '${secret}',\n    ],\n]);\n`,
  ),
  textLayout(
    'PHP define',
    ({ id, secret }) =>
      `<?php\ndefine('AS3CF_SETTINGS_KEY', '${id}');\ndefine('AWS_SECRET_ACCESS_KEY', '${secret}');\n`,
  ),
  textLayout(
    'Java',
    ({ id, secret }) =>
      `public class Keys {\n    private static final String ACCESS_KEY = "${id}";\n    private static final String SECRET_KEY = "${secret}";\n}\n`,
  ),
  textLayout(
    'C#',
    ({ id, secret }) =>
      `internal const string AwsAccessKey = "${id}";\ninternal const string AwsSecretKey = @"${secret}";\n`,
  ),
  textLayout(
    'Go',
    ({ id, secret }) =>
      `const (\n\taccessKeyID     = "${id}"\n\tsecretAccessKey = \`${secret}\`\n)\n`,
  ),
  textLayout(
    'Swift',
    ({ id, secret }) =>
      `let provider = AWSStaticCredentialsProvider(accessKey: "${id}", secretKey: "${secret}")\n`,
  ),
  textLayout(
    'Kotlin',
    ({ id, secret }) =>
      `val credentials = AwsBasicCredentials.create(\n    accessKeyId = "${id}",\n    secretAccessKey = "${secret}",\n)\n`,
  ),
  textLayout(
    'Rust',
    ({ id, secret }) => `Credentials::new("${id}", "${secret}", None, None, "static")\n`,
  ),
  textLayout(
    'C macro',
    ({ id, secret }) => `#define AWS_ACCESS_KEY "${id}"\n#define AWS_SECRET_KEY "${secret}"\n`,
  ),
  textLayout(
    'JavaScript',
    ({ id, secret }) =>
      `AWS.config.update({ accessKeyId: '${id}', secretAccessKey: '${secret}', region: 'eu-west-1' })\n`,
  ),
  textLayout(
    'Terraform provider',
    ({ id, secret }) =>
      `provider "aws" {\n  region     = "us-east-1"\n  access_key = "${id}"\n  secret_key = "${secret}"\n}\n`,
  ),
  severalLayout('Terraform providers', (all) =>
    all
      .map(
        ({ id, secret }, at) =>
          `provider "aws" {\n  alias      = "a${at}"\n  secret_key = "${secret}"\n  region     = "us-east-1"\n  access_key = "${id}"\n}\n`,
      )
      .join('\n'),
  ),
  textLayout(
    'Terraform variables',
    ({ id, secret }) =>
      `variable "access_key" {\n  default = "${id}"\n}\n\nvariable "secret_key" {\n  type    = string\n  default = "${secret}"\n}\n`,
  ),
  inPieces(
    'literals joined by +',
    ' + ',
    (id, secret) => `var key = ${id};\nvar secretKey = ${secret};\n`,
  ),
  inPieces(
    'literals joined by + over lines',
    ' +\n    ',
    (id, secret) => `String accessKey = ${id};\nString secretKey = ${secret};\n`,
  ),
  inPieces(
    'literals joined by .',
    ' . ',
    (id, secret) => `$key = ${id};\n$aws_secret = ${secret};\n`,
    { quote: "'" },
  ),
  inPieces(
    'adjacent literals',
    ' ',
    (id, secret) => `ACCESS_KEY = (${id})\nSECRET_KEY = (${secret})\n`,
    { quote: "'" },
  ),
  inPieces(
    'adjacent literals over lines',
    '\n    ',
    (id, secret) => `char *access_key = ${id};\nchar *secret_key = ${secret};\n`,
  ),
  inPieces(
    'literals joined by &',
    ' & ',
    (id, secret) => `Const AwsKey = ${id}\nConst AwsSecret = ${secret}\n`,
  ),
  inPieces('literals in pieces, positional', ' + ', (id, secret) => `connect(${id}, ${secret})\n`, {
    first: 4,
  }),
  continued(
    'line continued in C',
    '',
    ({ id, secret }) => `const char *id = "${id}";\nconst char *secret_key = "${secret}";\n`,
  ),
  continued(
    'line continued in properties',
    '    ',
    ({ id, secret }) => `aws.accessKeyId=${id}\naws.secretKey=${secret}\n`,
  ),
  continued(
    'line continued in a shell',
    '',
    ({ id, secret }) => `export AWS_ACCESS_KEY_ID=${id}\nexport AWS_SECRET_ACCESS_KEY=${secret}\n`,
  ),
]
