type Env = Readonly<Record<string, string | undefined>>

/** Does a build server run us? They all set `CI`. */
export function isCi(env: Env): boolean {
  return isOn(env['CI'])
}

/**
 * Is colour wanted? The option wins; then `NO_COLOR` (https://no-color.org), `FORCE_COLOR`, and at
 * last the terminal.
 */
export function wantsColour(
  choice: 'auto' | 'always' | 'never',
  env: Env,
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
