/** The secret inside a longer value, as offsets into it. */
export interface InnerSecret {
  readonly start: number
  readonly end: number
  /** In words: what it is and where in the value it stands. */
  readonly what: string
  /** `query`: the name of a parameter is weaker evidence than the place of a password. */
  readonly kind: 'database' | 'login' | 'query'
  /** The user it belongs to, where the value says so. */
  readonly user: string | undefined
}

/**
 * `postgres://user:password@host/db`; the password runs to the last `@` of the authority, as people
 * forget to escape it.
 */
const userinfo =
  /^(?<scheme>[a-z][a-z0-9+.-]{1,30}):\/\/(?<user>[^\s:@/?#]{0,200}):(?<secret>[^\s/?#]{1,300})@/di
const databases =
  /^(?:jdbc:)?(?:postgres(?:ql)?|mysql2?|mariadb|mongodb|redis|rediss|amqps?|mssql|sqlserver|cockroachdb|clickhouse|cassandra|neo4j|bolt|ldaps?|nats|couchdb)(?:\+|$)/i

/** `Server=db;User Id=sa;Password=…;` and `AccountKey=…` of Azure. */
const connectionString =
  /(?:^|;)\s{0,5}(?:password|pwd|accountkey|sharedaccesskey|sharedsecret)\s{0,5}=\s{0,5}(?<secret>[^;]{1,300})/di

const query =
  /[?&](?:access_?token|token|api_?key|apikey|key|secret|client_secret|password|passwd|pwd|sig|signature|auth)=(?<secret>[^&\s#]{1,300})/di

/**
 * The password of a URL or connection string, or a secret in a URL's query. Nothing for values that
 * hold none.
 */
export function innerSecretOf(value: string): InnerSecret | undefined {
  const url = userinfo.exec(value)
  const isDatabase = databases.test(url?.groups?.['scheme'] ?? '')
  return (
    inner(url, 'a password in a URL', isDatabase ? 'database' : 'login') ??
    (value.includes(';')
      ? inner(connectionString.exec(value), 'a password in a connection string', 'database')
      : undefined) ??
    (isUrl(value) ? inner(query.exec(value), 'a secret in the query of a URL', 'query') : undefined)
  )
}

/** Is this an address, `scheme://…` or `mailto:…`? */
export function isUrl(value: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]{1,30}:\/\/|mailto:|jdbc:|\/\/[a-z])/i.test(value)
}

function inner(
  found: RegExpExecArray | null,
  what: string,
  kind: InnerSecret['kind'],
): InnerSecret | undefined {
  const at = found?.indices?.groups?.['secret']
  return at === undefined
    ? undefined
    : { start: at[0], end: at[1], what, kind, user: found?.groups?.['user'] }
}
