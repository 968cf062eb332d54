/**
 * Broken files of a policy, as a table: what is written where, and what the one line of each has to
 * say.
 */

export interface Broken {
  readonly name: string
  /** By name; `oakum.yaml` where it is a text alone. */
  readonly files: Readonly<Record<string, string | Buffer>>
  /** Each in its order of the error's lines. */
  readonly says: readonly string[]
}

const yaml = (name: string, text: string | Buffer, ...says: readonly string[]): Broken => ({
  name,
  files: { 'oakum.yaml': text },
  says,
})
const field = (text: string, ...says: readonly string[]): Broken =>
  yaml(text.split('\n').join(' / ').slice(0, 90), `version: 1\n${text}`, ...says)
const entry = (text: string, ...says: readonly string[]): Broken => ({
  name: `oakum.allow ${text.slice(0, 70)}`,
  files: { 'oakum.allow': text },
  says,
})
const known = (text: string, ...says: readonly string[]): Broken => ({
  name: `oakum.baseline ${text.slice(0, 70)}`,
  files: { 'oakum.baseline': text },
  says,
})
const pattern = (name: string, rule: string, ...says: readonly string[]): Broken => ({
  name: `pattern file: ${name}`,
  files: {
    'oakum.yaml': 'version: 1\npatterns: [own.yaml]\n',
    'own.yaml': `provider: acme\nrules:\n${rule}`,
  },
  says,
})

const fingerprint = `oak1-${'0'.repeat(32)}`
const good = { fingerprint, reason: 'x', author: 'Ada', date: '2026-01-01' }
const line = (change: object): string => JSON.stringify({ ...good, ...change })
const rule = (change: Readonly<Record<string, string>>): string => {
  const fields = {
    id: 'acme-token',
    description: 'Acme token',
    severity: 'high',
    keywords: '[acme_]',
    pattern: "'(?<secret>acme_[a-z]{20})'",
    ...change,
  }
  return Object.entries(fields)
    .map(([name, value], at) => `${at === 0 ? '  - ' : '    '}${name}: ${value}\n`)
    .join('')
}

export const broken: readonly Broken[] = [
  // YAML itself
  yaml('an empty file', '', 'oakum.yaml:1:1: expected a mapping with version: 1'),
  yaml('only a comment', '# nothing\n', 'oakum.yaml:1:1: expected a mapping'),
  yaml('a list', '- version: 1\n', 'oakum.yaml:1:1: expected a mapping'),
  yaml('a text', 'version 1\n', 'expected a mapping'),
  yaml('JSON with a trailing brace', '{"version": 1}}\n', 'is no YAML'),
  yaml(
    'a tab as indentation',
    'version: 1\nallow:\n\tpaths: []\n',
    'oakum.yaml:3:1: is no YAML: tabs are not allowed',
  ),
  yaml('a quote that is not closed', 'version: 1\nfailOn: "high\n', 'missing closing'),
  yaml(
    'a key that is given twice',
    'version: 1\nfailOn: low\nfailOn: high\n',
    'oakum.yaml:3:1: has the key failOn twice',
  ),
  yaml('bad indentation', 'version: 1\nallow:\n  paths: []\n values: []\n', 'oakum.yaml:4:'),
  yaml('two documents', 'version: 1\n---\nversion: 1\n', 'has more than one document'),
  yaml('an anchor', 'version: &v 1\n', 'oakum.yaml:1:13: has an anchor'),
  yaml('an alias to nothing', 'version: *v\n', 'has an alias'),
  yaml('a cyclic anchor', 'version: 1\nallow: &a\n  paths: *a\n', 'has an anchor', 'has an alias'),
  yaml(
    'a billion laughs',
    `version: 1\na: &a [x, x, x, x, x, x, x, x, x]\n${[...'bcdefghi'].map((name, at) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefgh'[at]}`).join(', ')}]\n`).join('')}`,
    'has an anchor',
  ),
  yaml(
    'a merge key',
    'version: 1\nlimits: &l { deadline: 5m }\nallow:\n  <<: *l\n',
    'has an anchor',
    'has an alias',
  ),
  yaml(
    'a tag of JavaScript',
    'version: 1\nfailOn: !!js/function "function () {}"\n',
    'oakum.yaml:2:',
  ),
  yaml('a tag of YAML', 'version: !!int 1\n', 'has a tag'),
  yaml('a key that is a list', 'version: 1\n? [a]\n: b\n', 'is no YAML: with stringKeys'),
  yaml(
    'lists in lists in lists',
    `version: 1\nallow: ${'['.repeat(5000)}\n`,
    'is nested too deeply',
  ),
  yaml(
    'mappings in mappings',
    `version: 1\nallow: ${'{a: '.repeat(2000)}\n`,
    'is nested too deeply',
  ),
  yaml('questions in questions', '? '.repeat(2000), 'is nested too deeply'),
  yaml(
    'a file that is too large',
    `version: 1\n# ${'x'.repeat(128 * 1024)}\n`,
    'oakum.yaml: larger than 128 KiB',
  ),
  yaml('UTF-16', Buffer.from('\ufeffversion: 1\n', 'utf16le'), 'oakum.yaml: not UTF-8 text'),
  yaml('Latin-1', Buffer.from('version: 1\n# caf\u00e9\n', 'latin1'), 'not UTF-8 text'),
  yaml('NUL bytes', 'version: 1\n\0\0\0\n', 'oakum.yaml:2:'),
  yaml(
    'a picture',
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    'not UTF-8 text',
  ),
  yaml(
    'merge conflict markers',
    '<<<<<<< HEAD\nversion: 1\n=======\nversion: 1\n>>>>>>> topic\n',
    'oakum.yaml:',
  ),
  yaml(
    'YAML 1.1, where off is no text',
    '%YAML 1.1\n---\nversion: 1\nrules:\n  github: off\n',
    'rules.github: expected one of off, low',
  ),
  yaml(
    'a mark at the beginning and Windows line ends, with a mistake',
    '\ufeffversion: 1\r\nfailOn: hihg\r\n',
    'oakum.yaml:2:1: failOn: expected one of low, medium, high, critical',
  ),
  yaml('TOML', '[extend]\nuseDefault = true\n', 'oakum.yaml:2:1: is no YAML'),
  yaml(
    'keys by the thousand',
    Array.from({ length: 2000 }, (_, n) => `k${n}: 1\n`).join(''),
    'k0: no such field',
  ),

  // fields
  yaml('no version', 'failOn: high\n', 'oakum.yaml:1:1: version: expected 1'),
  yaml('a version to come', 'version: 2\n', 'version: expected 1'),
  yaml('a version as text', 'version: "1"\n', 'version: expected 1'),
  field('rulez: {}\n', 'oakum.yaml:2:1: rulez: no such field; did you mean rules?'),
  field('fail-on: high\n', 'fail-on: no such field; did you mean failOn?'),
  field('plugins: [./run.js]\n', 'plugins: no such field; known are version'),
  field('extends: https://example.com/oakum.yaml\n', 'extends: no such field'),
  field('__proto__: { failOn: critical }\n', '__proto__: no such field'),
  field('constructor: 1\n', 'constructor: no such field'),
  field('failOn: 3\n', 'failOn: expected one of'),
  field('failOn: [high]\n', 'failOn: expected one of'),
  field('failOn: null\n', 'failOn: expected one of'),
  field(
    'rules: [github]\n',
    'oakum.yaml:2:1: rules: expected a mapping of rules to off or a severity',
  ),
  field('rules: off\n', 'rules: expected a mapping'),
  field(
    'rules:\n  github: on\n',
    'oakum.yaml:3:3: rules.github: expected one of off, low, medium, high, critical',
  ),
  field('rules:\n  github: false\n', 'rules.github: expected one of off'),
  field(
    'rules:\n  githib: off\n',
    'rules.githib: no such rule, family or provider; did you mean github?',
  ),
  field(
    'rules:\n  no-such-rule-at-all: off\n',
    'no such rule, family or provider; see oakum rules list',
  ),
  field(
    'rules:\n  github: { level: off }\n',
    'rules.github.level: no such field',
    'rules.github.severity: expected',
  ),
  field(
    'rules:\n  github: { severity: off, reason: 5 }\n',
    'rules.github.reason: expected a reason',
  ),
  field(
    'rules:\n  github: { severity: off, reason: "" }\n',
    'rules.github.reason: expected a reason',
  ),
  field('patterns: own.yaml\n', 'patterns: expected a list'),
  field('patterns: [own.yaml]\n', 'own.yaml: pattern file does not exist'),
  field('patterns: [../own.yaml]\n', 'patterns[0]: expected the path of a file, relative'),
  field('patterns: [a/../../own.yaml]\n', 'patterns[0]: expected the path of a file'),
  field('patterns: [/etc/passwd]\n', 'patterns[0]: expected the path of a file'),
  field('patterns: ["C:/own.yaml"]\n', 'patterns[0]: expected the path of a file'),
  field('patterns: ["a\\\\own.yaml"]\n', 'patterns[0]: expected the path of a file'),
  field('patterns: ["https://example.com/own.yaml"]\n', 'patterns[0]: expected the path of a file'),
  field('patterns: [7]\n', 'patterns[0]: expected the path of a file'),
  field(
    `patterns: [${Array.from({ length: 101 }, (_, n) => `p${n}.yaml`).join(', ')}]\n`,
    'patterns: expected at most 100 items',
  ),
  field('allow: [docs/**]\n', 'allow: expected a mapping with paths and values'),
  field('allow: { commits: [abc] }\n', 'allow.commits: no such field; known are paths, values'),
  field('allow:\n  path: []\n', 'oakum.yaml:3:3: allow.path: no such field; did you mean paths?'),
  field('allow:\n  paths: docs\n', 'allow.paths: expected a list'),
  field(
    'allow:\n  paths: [docs/**]\n',
    'allow.paths[0]: expected a mapping with glob or pattern, and reason',
  ),
  field(
    'allow:\n  paths:\n    - glob: docs/**\n',
    'oakum.yaml:4:7: allow.paths[0].reason: expected a reason in one line',
  ),
  field(
    'allow:\n  paths:\n    - reason: because\n',
    'allow.paths[0]: expected either glob or pattern',
  ),
  field(
    'allow:\n  paths:\n    - { glob: a, pattern: a, reason: x }\n',
    'expected either glob or pattern',
  ),
  field(
    'allow:\n  paths:\n    - { glob: /docs, reason: x }\n',
    'allow.paths[0].glob: expected a glob relative to the top',
  ),
  field('allow:\n  paths:\n    - { glob: 5, reason: x }\n', 'allow.paths[0].glob: expected a glob'),
  field(
    'allow:\n  paths:\n    - { pattern: "(", reason: x }\n',
    'allow.paths[0].pattern: expected a regular expression of JavaScript',
  ),
  field(
    "allow:\n  paths:\n    - { pattern: '(?i)docs', reason: x }\n",
    'expected a regular expression of JavaScript',
  ),
  field(
    "allow:\n  paths:\n    - { pattern: '^(a+)+$', reason: x }\n",
    'allow.paths[0].pattern: expected a pattern that takes no exponential time',
  ),
  field(
    "allow:\n  values:\n    - { pattern: '(?:[a-z]{1,50}){1,50}!', reason: x }\n",
    'allow.values[0].pattern: expected a pattern that takes no exponential time',
  ),
  field(
    `allow:\n  values:\n    - { pattern: '${'a'.repeat(2001)}', reason: x }\n`,
    'expected a regular expression of at most 2000 characters',
  ),
  field(
    'allow:\n  values:\n    - { contains: abc, reason: x }\n',
    'allow.values[0].contains: expected a text of 4 to 200 characters',
  ),
  field(
    'allow:\n  values:\n    - { value: abcd, reason: x }\n',
    'allow.values[0].value: no such field',
    'expected either pattern or contains',
  ),
  field(
    'allow:\n  values:\n    - { contains: abcd, reason: x, rules: [githib] }\n',
    'oakum.yaml:4:44: allow.values[0].rules[0]: no such rule, family or provider; did you mean github?',
  ),
  field(
    'allow:\n  values:\n    - { contains: abcd, reason: x, rules: github }\n',
    'allow.values[0].rules: expected a list',
  ),
  field(
    'allow:\n  values:\n    - { contains: abcd, reason: x, paths: [] }\n',
    'allow.values[0].paths: expected at least 1',
  ),
  field(
    'allow:\n  values:\n    - { contains: abcd, reason: "two\\nlines" }\n',
    'allow.values[0].reason: expected a reason in one line',
  ),
  field('limits: 10m\n', 'limits: expected a mapping with maxBlobSize, archiveDepth and deadline'),
  field('limits: { maxBlobSize: 10x }\n', 'limits.maxBlobSize: expected a size such as'),
  field('limits: { maxBlobSize: -5 }\n', 'limits.maxBlobSize: expected a size'),
  field('limits: { maxBlobSize: 1e99 }\n', 'limits.maxBlobSize: expected a size'),
  field('limits: { maxBlobSize: .inf }\n', 'limits.maxBlobSize: expected a size'),
  field('limits: { archiveDepth: 9 }\n', 'limits.archiveDepth: expected a number from 1 to 8'),
  field('limits: { archiveDepth: 0 }\n', 'limits.archiveDepth: expected a number'),
  field('limits: { archiveDepth: deep }\n', 'limits.archiveDepth: expected a number'),
  field('limits: { deadline: 1000h }\n', 'limits.deadline: expected a time such as'),
  field('limits: { deadline: 0 }\n', 'limits.deadline: expected a time'),
  field(
    'limits: { maxblobsize: 10m }\n',
    'limits.maxblobsize: no such field; did you mean maxBlobSize?',
  ),
  field('markers: true\n', 'markers: expected one of accept, require-reason, ignore'),
  field('verify: always\n', 'verify: expected off, ask, or a list of AWS account numbers'),
  field('verify: [123456789012]\n', 'verify: expected off, ask, or a list'),
  field('verify: []\n', 'verify: expected off, ask, or a list'),
  field(
    'failOn: hihg\nmarkers: maybe\nrulez: 1\n',
    'oakum.yaml:4:1: rulez: no such field',
    'oakum.yaml:2:1: failOn: expected',
    'oakum.yaml:3:1: markers: expected',
  ),

  // pattern files
  {
    name: 'pattern file: that is no YAML',
    files: { 'oakum.yaml': 'version: 1\npatterns: [own.yaml]\n', 'own.yaml': 'rules: [\n' },
    says: ['own.yaml:2:'],
  },
  {
    name: 'pattern file: that is too large',
    files: {
      'oakum.yaml': 'version: 1\npatterns: [own.yaml]\n',
      'own.yaml': `# ${'x'.repeat(512 * 1024)}`,
    },
    says: ['own.yaml: larger than 512 KiB'],
  },
  {
    name: 'pattern file: without rules',
    files: { 'oakum.yaml': 'version: 1\npatterns: [own.yaml]\n', 'own.yaml': 'provider: acme\n' },
    says: ['own.yaml:1:1: rules: expected a list of at least 1'],
  },
  pattern(
    'without severity',
    rule({}).replace('    severity: high\n', ''),
    'own.yaml:3:5: acme-token: severity: expected one of',
  ),
  pattern(
    'with an unknown field',
    rule({ regex: 'x' }),
    'own.yaml:8:5: acme-token: regex: no such field',
  ),
  pattern(
    'without the group secret',
    rule({ pattern: "'acme_[a-z]{20}'" }),
    'own.yaml:7:5: acme-token: pattern: expected a group named secret',
  ),
  pattern(
    'without a bound',
    rule({ pattern: "'(?<secret>acme_[a-z]{20,})'" }),
    'acme-token: pattern: expected an upper bound to every repetition',
  ),
  pattern(
    'with exponential time',
    rule({ pattern: "'(?<secret>acme_(?:[a-z]{1,30}){1,30})!'" }),
    'own.yaml:7:5: acme-token: pattern: expected a pattern that takes no exponential time',
  ),
  pattern(
    'with a keyword of three letters',
    rule({ keywords: '[acm]' }),
    'acme-token: keywords[0]: expected at least 4 bytes',
  ),
  pattern(
    'without keywords',
    rule({ keywords: '[]' }),
    'acme-token: keywords: expected at least 1',
  ),
  pattern(
    'with a window beyond all bounds',
    rule({ window: '10000000' }),
    'acme-token: window: expected a number from 16 to 32768',
  ),
  pattern(
    'with an id of ours',
    rule({ id: 'github-token' }),
    'own.yaml:3:5: github-token: id: expected another id',
  ),
  pattern(
    'with an id twice',
    rule({}) + rule({}),
    'acme-token: id: expected an id that no other rule has',
  ),
  pattern(
    'with a validator nobody has',
    rule({ validator: 'my-check' }),
    'acme-token: validator: expected one of',
  ),
  pattern(
    'with parts of nothing',
    '  - { id: acme-token, description: Acme token, severity: high, parts: [] }\n',
    'acme-token: parts: expected at least 1',
  ),

  // entries
  entry('not json', 'oakum.allow:1: expected one JSON object per line'),
  entry(`${fingerprint}\n`, 'oakum.allow:1: expected one JSON object per line'),
  entry('[1]', 'oakum.allow:1: expected one JSON object per line'),
  entry(
    '\n\n{}\n',
    'oakum.allow:3: fingerprint: expected oak1-',
    'oakum.allow:3: reason',
    'oakum.allow:3: author',
    'oakum.allow:3: date',
  ),
  entry(line({ reason: '' }), 'oakum.allow:1: reason: expected a reason'),
  entry(line({ reason: 'two\nlines' }), 'reason: expected a reason in one line'),
  entry(line({ fingerprint: 'oak1-123' }), 'fingerprint: expected oak1- and 32 hexadecimal digits'),
  entry(line({ expires: '2026-02-30' }), 'expires: expected a date such as'),
  entry(line({ expires: 'never' }), 'expires: expected a date such as'),
  entry(line({ paths: 'docs/**' }), 'paths: expected a list'),
  entry(line({ paths: [] }), 'paths: expected at least 1'),
  entry(line({ rule: 'x' }), 'oakum.allow:1: rule: no such field'),
  entry(line({ expire: '2026-01-01' }), 'expire: no such field; did you mean expires?'),
  entry(`${line({})}\n<<<<<<< HEAD\n${line({})}\n`, 'oakum.allow:2: unresolved merge conflict'),
  entry(`{"a": "${'x'.repeat(70_000)}"}`, 'oakum.allow:1: longer than 65536 characters'),
  {
    name: 'oakum.allow that is too large',
    files: { 'oakum.allow': Buffer.alloc(8 * 1024 * 1024 + 1, 0x0a) },
    says: ['oakum.allow: larger than 8192 KiB'],
  },
  {
    name: 'oakum.allow in UTF-16',
    files: { 'oakum.allow': Buffer.from(`\ufeff${line({})}\n`, 'utf16le') },
    says: ['oakum.allow: not UTF-8 text'],
  },
  known(
    '{"fingerprint": 1}',
    'oakum.baseline:1: fingerprint: expected',
    'oakum.baseline:1: rule',
    'oakum.baseline:1: in: expected one of files, history',
    'oakum.baseline:1: date',
  ),
  known(
    JSON.stringify({ fingerprint, rule: 'x', in: 'index', date: '2026-01-01' }),
    'in: expected one of files, history',
  ),
  known(`=======\n`, 'oakum.baseline:1: unresolved merge conflict'),
]
