/**
 * A test of paths: `*` is any characters within a name, `?` is one, `**` any number of folders, and
 * behind the last `/` everything below. All else stands for itself. Takes time in proportion to
 * glob times path, whatever they are.
 */
export function globMatcher(glob: string): (path: string) => boolean {
  const steps = glob
    .split('/')
    .flatMap((step, index, all) =>
      step === '**' && index === all.length - 1 ? ['**', '*'] : [step],
    )
  return (path) =>
    follows(path.split('/'), steps, { isAny: (step) => step === '**', fits: isNamed })
}

/** A test of paths by any of the globs. */
export function anyGlob(globs: readonly string[]): (path: string) => boolean {
  const matchers = globs.map(globMatcher)
  return (path) => matchers.some((matches) => matches(path))
}

function isNamed(name: string, step: string): boolean {
  return follows([...name], [...step], {
    isAny: (sign) => sign === '*',
    fits: (letter, sign) => sign === '?' || sign === letter,
  })
}

interface Wildcard {
  readonly isAny: (sign: string) => boolean
  readonly fits: (item: string, sign: string) => boolean
}

/**
 * Do the items follow the signs, of which some stand for any number of items? What the last such
 * sign takes is all that is ever tried again.
 */
function follows(
  items: readonly string[],
  signs: readonly string[],
  { isAny, fits }: Wildcard,
): boolean {
  let [item, sign] = [0, 0]
  let retry: { item: number; readonly sign: number } | undefined
  while (item < items.length) {
    const wanted = signs[sign]
    if (wanted !== undefined && isAny(wanted)) {
      retry = { item, sign: sign + 1 }
      sign += 1
    } else if (wanted !== undefined && fits(items[item] ?? '', wanted)) {
      item += 1
      sign += 1
    } else if (retry !== undefined) {
      retry.item += 1
      item = retry.item
      sign = retry.sign
    } else return false
  }
  return signs.slice(sign).every(isAny)
}
