/** Finds the secret within a longer value: in a URL, its query, or a connection string. */
/** The secret within a longer value, as offsets into the value. */
export interface InnerSecret {
  readonly start: number
  readonly end: number
  /** Kind and position of the secret, in words. */
  readonly description: string
  /** `query` is the weakest evidence: only the name of a parameter says that it is a secret. */
  readonly kind: 'database' | 'login' | 'query'
  /** The user name beside a password, where the value has one. */
  readonly user: string | undefined
}

/**
 * `postgres://user:password@host/db`. The password ends at the last `@` of the authority, as people
 * forget to escape an `@` in it.
 */
const userinfo =
  /^(?<scheme>[a-z][a-z0-9+.-]{1,30}):\/\/(?<user>[^\s:@/?#]{0,200}):(?<secret>[^\s/?#]{1,300})@/di
const databases = new RegExp(
  [
    String.raw`^(?:jdbc:)?(?:postgres(?:ql)?|mysql2?|mariadb|mongodb|redis|rediss|amqps?`,
    String.raw`|mssql|sqlserver|cockroachdb|clickhouse|cassandra|neo4j|bolt|ldaps?|nats`,
    String.raw`|couchdb)(?:\+|$)`,
  ].join(''),
  'i',
)

/** `Server=db;User Id=sa;Password=…;`, and Azure's `AccountKey=…`. */
const connectionString = new RegExp(
  [
    String.raw`(?:^|;)\s{0,5}(?:password|pwd|accountkey|sharedaccesskey`,
    String.raw`|sharedsecret)\s{0,5}=\s{0,5}(?<secret>[^;]{1,300})`,
  ].join(''),
  'di',
)

const querySecret = new RegExp(
  [
    String.raw`[?&](?:access_?token|token|api_?key|apikey|key|secret|client_secret|password`,
    String.raw`|passwd|pwd|sig|signature|auth)=(?<secret>[^&\s#]{1,300})`,
  ].join(''),
  'di',
)

/**
 * Returns the password of a URL or connection string, or a secret in the query of a URL, or
 * undefined.
 */
export function innerSecretOf(value: string): InnerSecret | undefined {
  const url = userinfo.exec(value)
  const isDatabase = databases.test(url?.groups?.['scheme'] ?? '')
  return (
    innerSecretFrom(url, 'a password in a URL', isDatabase ? 'database' : 'login') ??
    (value.includes(';')
      ? innerSecretFrom(
          connectionString.exec(value),
          'a password in a connection string',
          'database',
        )
      : undefined) ??
    (isUrl(value)
      ? innerSecretFrom(querySecret.exec(value), 'a secret in the query of a URL', 'query')
      : undefined)
  )
}

/** True for an address: `scheme://…` or `mailto:…`. */
export function isUrl(value: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]{1,30}:\/\/|mailto:|jdbc:|\/\/[a-z])/i.test(value)
}

function innerSecretFrom(
  match: RegExpExecArray | null,
  description: string,
  kind: InnerSecret['kind'],
): InnerSecret | undefined {
  const span = match?.indices?.groups?.['secret']
  return span === undefined
    ? undefined
    : { start: span[0], end: span[1], description, kind, user: match?.groups?.['user'] }
}
