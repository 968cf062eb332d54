/** Finds the env files that Docker Compose files name, whatever these are called. */

/** `compose.yaml`, `docker-compose.prod.yml`. */
const composeName = /^(?:docker-|podman-)?compose(?:[.-][\w.-]{1,60})?\.ya?ml$/i

/** `env_file:` with the rest of its line. */
const envFileKey = /^(?<indent>[ \t]*)(?:-[ \t]+)?["']?env_file["']?[ \t]*:[ \t]*(?<rest>.*)$/

/** An item of the list below the key, `- web.env` or `- path: web.env`, or a field of an item. */
const listItem = /^(?<indent>[ \t]*)(?:(?<dash>-)[ \t]+)?(?:(?<key>\w+)[ \t]*:[ \t]*)?(?<rest>.*)$/

/** A YAML scalar, quoted or plain, at the beginning of a text. */
const scalar =
  /^\s*(?:"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<plain>(?:[^\s#]|\S#|[ \t]+(?![\s#]))*))/

/** True when Docker Compose or podman-compose reads files of this name. */
export function isComposeFile(name: string): boolean {
  return composeName.test(name)
}

/**
 * Returns the paths that a compose file gives for `env_file`, as written: a text, a list in
 * brackets, or a list below, with `path:` or without. Searches lines instead of parsing YAML, so
 * that no scan loads a parser, and a file that is broken further on still names its env files.
 */
export function envFilesIn(text: string): readonly string[] {
  const names: string[] = []
  /** Indent of the last `env_file:` while the lines below may be items of its list. */
  let listIndent: number | undefined
  for (const line of text.split(/\r?\n/)) {
    const key = envFileKey.exec(line)?.groups
    if (key !== undefined) {
      const rest = key['rest'] ?? ''
      names.push(...inlineNames(rest))
      listIndent = scalarOf(rest) === '' ? (key['indent'] ?? '').length : undefined
    } else if (listIndent !== undefined && line.trim() !== '' && !/^\s*#/.test(line)) {
      const item = listItem.exec(line)?.groups
      const indent = (item?.['indent'] ?? '').length
      if (indent < listIndent || (indent === listIndent && item?.['dash'] === undefined))
        listIndent = undefined
      else if (item?.['key'] === undefined || item['key'] === 'path')
        names.push(scalarOf(item?.['rest'] ?? ''))
    }
  }
  return names.filter((name) => name !== '' && !name.includes('$') && !/^[/~]/.test(name))
}

/** `[a.env, b.env]` and `a.env`, as they stand behind `env_file:`. */
function inlineNames(rest: string): readonly string[] {
  const items = /^\[(.*?)\]?\s*(?:#.*)?$/.exec(rest)?.[1]?.split(',') ?? [rest]
  return items.map(scalarOf)
}

/** `"a.env" # comment` → `a.env` */
function scalarOf(text: string): string {
  const found = scalar.exec(text)?.groups
  return (found?.['double'] ?? found?.['single'] ?? found?.['plain'] ?? '').trim()
}
