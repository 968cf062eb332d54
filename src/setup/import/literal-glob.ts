/**
 * A glob that stands for one path, or undefined: globs have no escape for the `*` and `?` of a
 * name.
 */
export function literalGlob(path: string): string | undefined {
  const plain = path.replace(/^(?:\.?\/)+/, '')
  return plain === '' || plain.length > 500 || /[*?\x00-\x1f\x7f]/.test(plain) ? undefined : plain
}
