/**
 * How a program reads a value from its environment, by the language of the file that holds the
 * value now.
 */
import type { Finding, Place } from '../../model/model.ts'
import type { Role } from '../../model/rule.ts'

/** By the ending of a file's name; `NAME` stands for the variable. */
const references: readonly (readonly [endings: RegExp, reference: string])[] = [
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

/** What AWS's own tools and SDKs read. */
const awsNames: Readonly<Record<Role, string>> = {
  id: 'AWS_ACCESS_KEY_ID',
  secret: 'AWS_SECRET_ACCESS_KEY',
  token: 'AWS_SESSION_TOKEN',
}

/** `ENV.fetch('DB_PASSWORD')`; undefined where the language of the file is not known. */
export function environmentReference(finding: Finding, place: Place): string | undefined {
  const path = place.origin.member === undefined ? place.origin.path?.text : undefined
  const [, reference] =
    references.find(([endings]) => path !== undefined && endings.test(path)) ?? []
  // A replacement's `$` would mean something.
  return reference?.replace('NAME', () => variableName(finding, place))
}

/** The name the value has in the file, as a variable's; or one that its kind is known by. */
export function variableName({ rule }: Finding, { role, excerpt }: Place): string {
  if (rule.provider.toLowerCase() === 'aws' && rule.parts.length > 1) return awsNames[role]
  const [, written] =
    /([A-Za-z_][\w.-]{1,60})["'`]?\s*(?:=>|:=|[:=])\s*["'`]?$/.exec(excerpt?.before ?? '') ?? []
  return (written ?? rule.id)
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z\d]+/g, '_')
    .toUpperCase()
}
