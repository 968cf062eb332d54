/** Paths and texts that keep the bytes of UTF-8 or any other encoding, one in each character. */

/** Decodes such a text as UTF-8, for messages. */
export function latin1ToUtf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** Returns the absolute path on disk of a path from the top of a work tree, as bytes. */
export function diskPath(top: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${top}/`), Buffer.from(path, 'latin1')])
}
