/** `compose.yaml`, `docker-compose.prod.yml`. */
const composeName = /^(?:docker-|podman-)?compose(?:[.-][\w.-]{1,60})?\.ya?ml$/i

/** `env_file:` with what stands behind it on its line. */
const key = /^(?<indent>[ \t]*)(?:-[ \t]+)?["']?env_file["']?[ \t]*:[ \t]*(?<rest>.*)$/

/** An item of the list below, `- web.env` or `- path: web.env`, or a further key of one. */
const item = /^(?<indent>[ \t]*)(?:(?<dash>-)[ \t]+)?(?:(?<key>\w+)[ \t]*:[ \t]*)?(?<rest>.*)$/

/** Is this the name of a file that compose reads? */
export function isComposeFile(name: string): boolean {
  return composeName.test(name)
}

/**
 * Paths that a compose file gives for `env_file`, as they are written. Lines are searched instead
 * of parsing YAML, so that no scan pays for a parser and a file that is broken further on still
 * names its env files: a text, a list in brackets, a list below, with `path:` or without.
 */
export function envFilesIn(text: string): readonly string[] {
  const names: string[] = []
  let indent: number | undefined
  for (const line of text.split(/\r?\n/)) {
    const found = key.exec(line)?.groups
    if (found !== undefined) {
      const rest = found['rest'] ?? ''
      const listed = /^\[(.*?)\]?\s*(?:#.*)?$/.exec(rest)?.[1]?.split(',') ?? [rest]
      names.push(...listed.map(scalarOf))
      indent = scalarOf(rest) === '' ? (found['indent'] ?? '').length : undefined
    } else if (indent !== undefined && line.trim() !== '' && !/^\s*#/.test(line)) {
      const one = item.exec(line)?.groups
      const depth = (one?.['indent'] ?? '').length
      if (depth < indent || (depth === indent && one?.['dash'] === undefined)) indent = undefined
      else if (one?.['key'] === undefined || one['key'] === 'path')
        names.push(scalarOf(one?.['rest'] ?? ''))
    }
  }
  return names.filter((name) => name !== '' && !name.includes('$') && !/^[/~]/.test(name))
}

/** `"a.env" # words` → a.env */
function scalarOf(text: string): string {
  const found =
    /^\s*(?:"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<plain>(?:[^\s#]|\S#|[ \t]+(?![\s#]))*))/.exec(
      text,
    )?.groups
  return (found?.['double'] ?? found?.['single'] ?? found?.['plain'] ?? '').trim()
}
