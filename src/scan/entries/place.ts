/**
 * Weighs the place of an entry: tests, documents and templates hold passwords that protect nothing.
 * A place never clears a value, and says nothing of one that a machine drew.
 */
import type { Severity } from '../../model/rule.ts'

const sampleFolder =
  /(?:^|\/)(?:tests?|specs?|__tests__|__mocks__|fixtures?|testdata|test-data|examples?|samples?|demos?|docs?|mocks?|e2e|cypress|i18n|locales?|translations?)\//i
const sampleFile =
  /(?:[._-](?:test|tests|spec|example|sample|template|stories|mock)\.\w{1,12}|(?:^|\/)test_[^/]{1,100}\.\w{1,8}|\.(?:mdx?|rst|adoc|example|sample|dist|snap|po))$/i

/** Returns the severity of a value that a person may have chosen, in files with these paths. */
export function severityAt(severity: Severity, paths: readonly string[]): Severity {
  const isSample =
    paths.length > 0 && paths.every((path) => sampleFolder.test(path) || sampleFile.test(path))
  return isSample && severity === 'medium' ? 'low' : severity
}
