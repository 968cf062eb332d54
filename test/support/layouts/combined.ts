/** Layouts made of a way to name a credential, a syntax, and what carries the text. */
import { type Credential, type Layout, textLayout } from './credential.ts'

type Entries = readonly (readonly [name: string, value: string])[]

/** Names of the id and of the secret. */
const namings: readonly (readonly [id: string, secret: string])[] = [
  ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
  ['S3_KEY', 'S3_SECRET'],
  ['accessKeyId', 'secretAccessKey'],
  ['access_key', 'secret_key'],
  ['backup.aws.id', 'backup.aws.secret'],
  ['USER_AWS', 'PASS_AWS'],
]

const syntaxes: Readonly<Record<string, (entries: Entries) => string>> = {
  env: (entries) => entries.map(([name, value]) => `${name}=${value}\n`).join(''),
  'env, quoted': (entries) => entries.map(([name, value]) => `${name}="${value}"\n`).join(''),
  export: (entries) => entries.map(([name, value]) => `export ${name}='${value}';\n`).join(''),
  setx: (entries) => entries.map(([name, value]) => `setx ${name} ${value}\r\n`).join(''),
  yaml: (entries) => `app:\n${entries.map(([name, value]) => `  ${name}: ${value}\n`).join('')}`,
  'yaml list': (entries) =>
    entries.map(([name, value]) => `- name: ${name}\n  value: "${value}"\n`).join(''),
  json: (entries) => `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`,
  'json, one line': (entries) => JSON.stringify({ a: 1, ...Object.fromEntries(entries) }),
  toml: (entries) =>
    `[store]\n${entries.map(([name, value]) => `${name} = "${value}"\n`).join('')}`,
  xml: (entries) =>
    entries.map(([name, value]) => `<add key="${name}" value="${value}" />\n`).join(''),
  elements: (entries) =>
    `<a>${entries.map(([name, value]) => `<${name}>${value}</${name}>`).join('\n')}</a>\n`,
  go: (entries) => entries.map(([name, value]) => `\t${name} := "${value}"\n`).join(''),
  java: (entries) =>
    entries.map(([name, value]) => `static final String ${name} = "${value}";\n`).join(''),
  ruby: (entries) => `{ ${entries.map(([name, value]) => `:${name} => '${value}'`).join(', ')} }\n`,
  php: (entries) => entries.map(([name, value]) => `define('${name}', '${value}');\n`).join(''),
  rust: (entries) => entries.map(([name, value]) => `const ${name}: &str = "${value}";\n`).join(''),
  table: (entries) => entries.map(([name, value]) => `| ${name} | ${value} |\n`).join(''),
  csv: (entries) =>
    `${entries.map(([name]) => name).join(',')}\n${entries.map(([, value]) => value).join(',')}\n`,
  'command line': (entries) =>
    `run ${entries.map(([name, value]) => `--${name} ${value}`).join(' ')}\n`,
  docker: (entries) => entries.map(([name, value]) => `ENV ${name} ${value}\n`).join(''),
  markup: (entries) => entries.map(([name, value]) => `**${name}**: \`${value}\`\n`).join(''),
  coloured: (entries) =>
    entries.map(([name, value]) => `${name}=\u001b[32m${value}\u001b[0m\n`).join(''),
}

/** What stands around the text. */
const carriers: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  'a patch': (text) => text.replaceAll(/^(?=[^\n])/gm, '+'),
  'a string of JSON': (text) => `{"log":${JSON.stringify(text)}}\n`,
  'a comment': (text) => text.replaceAll(/^(?=[^\n])/gm, '# '),
}

/** Every naming in every syntax and carrier, the id first or the secret first. */
export const combined: readonly Layout[] = namings.flatMap(([idName, secretName]) =>
  Object.entries(syntaxes).flatMap(([syntax, write]) =>
    Object.entries(carriers).flatMap(([carrier, carry], at) =>
      textLayout(`${idName} as ${syntax} in ${carrier}`, ({ id, secret }: Credential, _, seed) => {
        const entries: Entries = [
          [idName, id],
          [secretName, secret],
        ]
        return carry(write((seed + at) % 3 === 0 ? entries.toReversed() : entries))
      }),
    ),
  ),
)
