/** Tables, and markup. */
import {
  type Layout,
  severalLayout,
  temporaryLayout,
  textLayout,
  wideLayout,
} from './credential.ts'

/** What the console gave until 2022: the password may be anything. */
const oldHeader = 'User name,Password,Access key ID,Secret access key,Console login link'
const link = 'https://123456789012.signin.aws.amazon.com/console'

function entities(text: string): string {
  return text.replaceAll('+', '&#43;').replaceAll('/', '&#x2F;')
}

const csv = textLayout(
  'CSV of one key',
  ({ id, secret }) => `Access key ID,Secret access key\r\n${id},${secret}\r\n`,
)
const rows = severalLayout(
  'CSV of several users',
  (all) =>
    `${oldHeader}\r\n${all.map(({ id, secret }, at) => `user${at},Pa$$w0rd-${at},${id},${secret},${link}`).join('\r\n')}\r\n`,
)

export const tables: readonly Layout[] = [
  csv,
  rows,
  wideLayout(csv, 'little'),
  wideLayout(csv, 'big'),
  wideLayout(rows, 'little'),
  textLayout(
    'CSV with a byte order mark',
    ({ id, secret }) => `\u00ef\u00bb\u00bfAccess key ID,Secret access key\n${id},${secret}\n`,
  ),
  textLayout(
    'CSV with quotes',
    ({ id, secret }) =>
      `"User name","Access key ID","Secret access key"\n"deploy","${id}","${secret}"\n`,
  ),
  severalLayout(
    'CSV, secret before the id',
    (all) =>
      `name;secret access key;access key id\n${all.map(({ id, secret }, at) => `u${at};${secret};${id}`).join('\n')}\n`,
  ),
  severalLayout(
    'CSV, columns far apart',
    (all) =>
      `Access key ID,Description,Created,Secret access key\n${all.map(({ id, secret }, at) => `${id},"made for team ${at}, see the wiki",2024-01-0${at + 1},${secret}`).join('\n')}\n`,
  ),
  severalLayout(
    'tab-separated',
    (all) =>
      `user\taccess_key\tsecret_key\n${all.map(({ id, secret }, at) => `u${at}\t${id}\t${secret}`).join('\n')}\n`,
  ),
  textLayout(
    'rootkey.csv',
    ({ id, secret }) => `AWSAccessKeyId=${id}\r\nAWSSecretKey=${secret}\r\n`,
  ),
  textLayout(
    'markdown table',
    ({ id, secret }) =>
      `| name | value |\n|---|---|\n| Access key | ${id} |\n| Secret key | ${secret} |\n`,
  ),
  severalLayout(
    'markdown table, a row each',
    (all) =>
      `| user | access key | secret key |\n|---|---|---|\n${all.map(({ id, secret }, at) => `| u${at} | \`${id}\` | \`${secret}\` |`).join('\n')}\n`,
  ),
  textLayout(
    'markdown list',
    ({ id, secret }) => `- **Access key ID**: \`${id}\`\n- **Secret access key**: \`${secret}\`\n`,
  ),
  textLayout(
    'prose',
    ({ id, secret }) => `Please use access key ${id} and secret key ${secret} until Friday.\n`,
  ),
  textLayout(
    'HTML table',
    ({ id, secret }) =>
      `<table><tr><th>Access key</th><td><code>${id}</code></td></tr>\n<tr><th>Secret key</th><td class="k"><code>${secret}</code></td></tr></table>\n`,
  ),
  textLayout(
    'HTML with entities',
    ({ id, secret }) =>
      `<dl><dt>Access key</dt><dd>${id}</dd><dt>Secret access key</dt><dd>${entities(secret)}</dd></dl>\n`,
  ),
  textLayout(
    'HTML, attributes',
    ({ id, secret }) =>
      `<input name="aws_access_key_id" value="${id}">\n<input name="aws_secret_access_key" type="text" value="${entities(secret)}">\n`,
  ),
  textLayout('HTML comment', ({ id, secret }) => `<!-- aws key: ${id} secret key: ${secret}-->\n`),
  temporaryLayout(
    'XML of STS',
    ({ id, secret, token }) =>
      `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>\n<AccessKeyId>${id}</AccessKeyId>\n<SecretAccessKey>${secret}</SecretAccessKey>\n<SessionToken>${token}</SessionToken>\n</Credentials></AssumeRoleResult></AssumeRoleResponse>\n`,
  ),
  severalLayout(
    'XML of several keys',
    (all) =>
      `<keys>${all.map(({ id, secret }) => `<AccessKey><SecretAccessKey>${secret}</SecretAccessKey><Status>Active</Status><AccessKeyId>${id}</AccessKeyId></AccessKey>`).join('\n')}</keys>\n`,
  ),
  textLayout(
    'XML, settings',
    ({ id, secret }) =>
      `<appSettings>\n  <add key="AWSAccessKey" value="${id}" />\n  <add key="AWSSecretKey" value="${secret}" />\n</appSettings>\n`,
  ),
  textLayout(
    'XML with entities',
    ({ id, secret }) =>
      `<server><id>s3</id><username>${id}</username><secretKey>${entities(secret)}</secretKey></server>\n`,
  ),
  textLayout(
    'property list',
    ({ id, secret }) =>
      `<dict>\n\t<key>AWSAccessKeyId</key>\n\t<string>${id}</string>\n\t<key>AWSSecretAccessKey</key>\n\t<string>${secret}</string>\n</dict>\n`,
  ),
]
