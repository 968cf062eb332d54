/**
 * Weighs the place of an entry: tests, documents and templates hold passwords that protect nothing.
 * A place never clears a value, and says nothing of one that a machine drew.
 */
import type { Origin } from '../../model/model.ts'
import type { Severity } from '../../model/rule.ts'

const sampleFolder =
  /(?:^|\/)(?:tests?|specs?|__tests__|__mocks__|fixtures?|testdata|test-data|examples?|samples?|demos?|docs?|mocks?|e2e|cypress|i18n|locales?|translations?)\//i
const sampleFile =
  /(?:[._-](?:test|tests|spec|example|sample|template|stories|mock)\.\w{1,12}|(?:^|\/)test_[^/]{1,100}\.\w{1,8}|\.(?:mdx?|rst|adoc|example|sample|dist|snap|po))$/i

/**
 * Returns the severity of a value that a person may have chosen, at these places. An object of a
 * history has no path while it is judged, so such a value is low there: it is listed, and stops
 * nobody.
 */
export function severityAt(severity: Severity, origins: readonly Origin[]): Severity {
  const isSample = origins.every(({ kind, path }) =>
    path === undefined
      ? kind === 'commit'
      : sampleFolder.test(path.text) || sampleFile.test(path.text),
  )
  return isSample && severity === 'medium' ? 'low' : severity
}
