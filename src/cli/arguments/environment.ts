/** Reads the environment variables that tell about CI and colours. */
type Environment = Readonly<Record<string, string | undefined>>

/** True when a build server runs Oakum: all of them set `CI`. */
export function isCi(env: Environment): boolean {
  return isOn(env['CI'])
}

/**
 * Whether to write colours. The option decides; without it `NO_COLOR` (https://no-color.org), then
 * `FORCE_COLOR`, then whether the output is a terminal.
 */
export function wantsColour(
  choice: 'auto' | 'always' | 'never',
  env: Environment,
  isTTY: boolean,
): boolean {
  if (choice !== 'auto') return choice === 'always'
  if (env['NO_COLOR']) return false
  if (env['FORCE_COLOR'] !== undefined) return !['0', 'false'].includes(env['FORCE_COLOR'])
  return isTTY && env['TERM'] !== 'dumb'
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value.toLowerCase())
}
