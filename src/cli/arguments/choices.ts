/** Values that options and arguments accept, where they accept only a few. */
import { hookNames, managerNames } from '../../setup/install/hook-names.ts'

export const planFormats = ['text', 'markdown', 'json'] as const
/** Formats of an audit's verdict. */
export const verdictFormats = ['text', 'json', 'markdown', 'html'] as const
/** Formats of `rules`, `doctor` and `rewrite`. */
export const textFormats = ['text', 'json'] as const
export const colours = ['auto', 'always', 'never'] as const
export const readers = ['auto', 'pack', 'zlib', 'cat-file'] as const
/** Values of `--verify`; the option alone means the first one. */
export const consentChoices = ['ask', 'yes'] as const
/** Scanners whose files `oakum import` reads. */
export const importTools = [
  'gitleaks',
  'detect-secrets',
  'trufflehog',
  'git-secrets',
  'secretlint',
] as const
export const hookChoices = hookNames
export const hookManagers = ['auto', ...managerNames] as const
export const shells = ['bash', 'zsh', 'fish'] as const
