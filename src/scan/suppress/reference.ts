/**
 * Recognizes values that point to a secret instead of being one: `${DB_PASSWORD}`,
 * `op://vault/item`.
 */
/**
 * Forms that refer to a value elsewhere. Each matches the whole value, so that a password with a
 * `$` in it stays a password.
 */
const referenceForms: readonly (readonly [reason: string, form: RegExp])[] = [
  ['a variable', /^\$\{[^{}]{1,200}\}$/],
  ['a variable', /^\$(?:[A-Z_][A-Z0-9_]*|[a-z][a-z_]*|[a-z]+(?:[A-Z][a-z]+)+|\d|env:\w+)$/],
  ['a variable', /^%[A-Za-z_][A-Za-z0-9_]{1,100}%$/],
  ['a variable', /^@[A-Z_][A-Z0-9_]{1,100}@$/],
  ['a command', /^(?:\$\(.{1,400}\)|`.{1,400}`)$/s],
  [
    'a template',
    /^(?:\{\{.{0,400}\}\}|\$\{\{.{0,400}\}\}|<%.{0,400}%>|\{%.{0,400}%\}|#\{.{0,400}\}#?)$/s,
  ],
  ['a template', /^(?:\{[\w .:-]{0,100}\}|\$\{[^}]{0,100}\}|\[\[.{0,100}\]\])$/],
  ['a format string', /^(?:%[sdvqw@]|%\(\w{1,60}\)s|\{\d{0,3}\})$/],
  [
    'words in brackets',
    /^(?:<[^<>]{0,200}>|\[[A-Za-z][\w -]{0,100}\]|&lt;.{0,200}&gt;|%3C.{0,200}%3E|%7B.{0,200}%7D)$/i,
  ],
  ['words in brackets', /^__[A-Za-z][A-Za-z0-9_]{0,100}__$/],
  [
    'a reference to a secret store',
    new RegExp(
      [
        String.raw`^(?:op|vault|ssm|sm|awssm|aws-sm|aws-ssm|gcp-sm|gcpsm|azkv|akv|bws|keyring`,
        String.raw`|keychain|pass|doppler|infisical|ref\+\w+)://`,
      ].join(''),
      'i',
    ),
  ],
  [
    'a reference to a secret store',
    new RegExp(
      [
        String.raw`^(?:vault|ssm|secretsmanager|aws-ssm|aws-secretsmanager|file|env|arn`,
        String.raw`|projects/[\w-]{1,60}/secrets):?[:/][\w./:#@-]{1,300}$`,
      ].join(''),
      'i',
    ),
  ],
  ['a reference to a secret store', /^(?:\{\{resolve:|@Microsoft\.KeyVault\().{1,300}$/],
  [
    'code that reads the value',
    new RegExp(
      [
        String.raw`^(?:process\.env|import\.meta\.env|os\.environ|os\.getenv|secrets|var|local`,
        String.raw`|data|module|env|ENV|config)[.[(][\w.[\]'"() -]{1,200}$`,
      ].join(''),
    ),
  ],
  ['code that reads the value', /^(?:getenv|env|config|System\.getenv)\(.{0,200}\)$/],
]

/**
 * Returns the reason, in words, why `text` as a whole is a reference (`${X}`, `$X`, `op://…`,
 * `{{…}}`, `<…>`, `%X%`); else undefined.
 */
export function referenceReason(text: string): string | undefined {
  const value = text.trim()
  if (value.length > 500) return undefined
  const match = referenceForms.find(([, form]) => form.test(value))
  return match === undefined
    ? (composedReason(value) ?? undefined)
    : `it is ${match[0]}, not a value`
}

/**
 * Returns a reason for a value of references and punctuation only: `${USER}:${PASS}`, `$(a)-{{b}}`.
 */
function composedReason(value: string): string | undefined {
  const rest = value.replaceAll(
    /\$?\{\{[^{}]{0,100}\}\}|\$\{[^{}]{1,100}\}|\$\([^()]{1,100}\)|\$[A-Z_][A-Z0-9_]*/g,
    '',
  )
  return rest !== value && !/[A-Za-z0-9]/.test(rest) ? 'it is made of variables' : undefined
}
