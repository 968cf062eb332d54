/**
 * What an expression of another tool has that cannot be brought over, in words: `lookahead, which
 * …`.
 */
export class Untranslatable extends Error {
  override readonly name = 'Untranslatable'
}
