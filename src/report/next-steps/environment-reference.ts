/** Expressions that read an environment variable, by the language of a file. */
import type { Finding, Place } from '../../model/model.ts'
import type { Role } from '../../model/rule.ts'

/** Expressions by file name; `NAME` stands for the variable. */
const references: readonly (readonly [fileName: RegExp, reference: string])[] = [
  [/\.[cm]?[jt]sx?$/i, 'process.env.NAME'],
  [/\.pyi?$/i, 'os.environ["NAME"]'],
  [/\.go$/i, 'os.Getenv("NAME")'],
  [/\.rb$|(^|\/)(Rakefile|Gemfile)$/i, "ENV.fetch('NAME')"],
  [/\.(java|kts?|scala|groovy)$/i, 'System.getenv("NAME")'],
  [/\.php$/i, "getenv('NAME')"],
  [/\.(cs|fs|vb)$/i, 'Environment.GetEnvironmentVariable("NAME")'],
  [/\.rs$/i, 'std::env::var("NAME")'],
  [/\.swift$/i, 'ProcessInfo.processInfo.environment["NAME"]'],
  [/\.exs?$/i, 'System.fetch_env!("NAME")'],
  [/\.p[lm]$/i, '$ENV{NAME}'],
  [/\.(sh|bash|zsh|ksh)$|(^|\/)(Makefile|\.?bashrc|\.?zshrc|\.?profile)$/i, '"$NAME"'],
  [/\.ps1$/i, '$env:NAME'],
  [/\.tf(vars)?$/i, 'var.NAME'],
  [/(^|\/)(docker-)?compose[^/]*\.ya?ml$/i, '${NAME}'],
  [/(^|\/)\.github\/workflows\/[^/]+\.ya?ml$/i, '${{ secrets.NAME }}'],
]

/** The environment variables that the AWS CLI and SDKs read. */
const awsVariables: Readonly<Record<Role, string>> = {
  id: 'AWS_ACCESS_KEY_ID',
  secret: 'AWS_SECRET_ACCESS_KEY',
  token: 'AWS_SESSION_TOKEN',
}

/**
 * The expression that reads the value from the environment, such as `ENV.fetch('DB_PASSWORD')`.
 * Undefined if the language of the file is unknown.
 */
export function environmentReference(finding: Finding, place: Place): string | undefined {
  const path = place.origin.member === undefined ? place.origin.path?.text : undefined
  const [, reference] =
    references.find(([fileName]) => path !== undefined && fileName.test(path)) ?? []
  // A function, because `$` has a meaning in a replacement string.
  return reference?.replace('NAME', () => variableName(finding, place))
}

/**
 * A name for the environment variable: the standard name for AWS keys, else the name that the value
 * is assigned to in the file, else the rule id.
 */
export function variableName({ rule }: Finding, { role, excerpt }: Place): string {
  if (rule.provider.toLowerCase() === 'aws' && rule.parts.length > 1) return awsVariables[role]
  const [, assigned] =
    /([A-Za-z_][\w.-]{1,60})["'`]?\s*(?:=>|:=|[:=])\s*["'`]?$/.exec(excerpt?.before ?? '') ?? []
  return (assigned ?? rule.id)
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z\d]+/g, '_')
    .toUpperCase()
}
