/** Formats counts, sizes, durations and field names as text. */

/** Formats a count as `1,234`. `toLocaleString` would load ICU data, which is slow in a hook. */
export function formatCount(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
}

/** Formats a count with its noun: `1 object`, `1,234 objects`. */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`
}

/** Formats a size in powers of a thousand: `17 bytes`, `1.2 kB`, `34.5 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return countOf(bytes, 'byte')
  const units = ['kB', 'MB', 'GB', 'TB'] as const
  // A value that would round up to 1000.0 moves to the next unit.
  const power = Math.min(
    units.length,
    [1, 2, 3].filter((n) => bytes >= 999.95 * 1000 ** n).length + 1,
  )
  return `${(bytes / 1000 ** power).toFixed(1)} ${units[power - 1] ?? ''}`
}

/** Formats a duration: `34 ms`, `1.2 s`, `3 min 12 s`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 99.5) return `${Math.round(durationMs)} ms`
  if (durationMs < 59_950) return `${(durationMs / 1000).toFixed(1)} s`
  const seconds = Math.round(durationMs / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** Splits a camel-case name into words: `accountId` becomes `account id`. */
export function spaceCamelCase(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`)
}
