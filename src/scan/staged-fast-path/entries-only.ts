/**
 * Checks for the fast path that a repository's policy files cannot change a clean result. A bundle
 * of its own (`build/bundle.mjs`), loaded only where such files exist.
 */
import { parseAllowFile } from '../../config/allow-file.ts'
import { parseBaselineFile } from '../../config/baseline-file.ts'
import { diskFiles } from '../../config/disk.ts'
import { allowName, baselineName, configName, MAX_FILE_BYTES } from '../../config/files.ts'
import { ConfigError } from '../../model/errors.ts'
import type { FullScanNeeded } from './full-scan-needed.ts'

/**
 * Returns undefined when `folder` has only valid entries (`oakum.allow`, `oakum.baseline`): entries
 * only suppress findings, so they change nothing where nothing is found. An `oakum.yaml` may add
 * rules, and the full scan reports invalid entries.
 */
export async function policyNeedsFullScan(folder: string): Promise<FullScanNeeded | undefined> {
  const files = diskFiles(folder, '')
  try {
    if ((await files.read(configName, MAX_FILE_BYTES.config)) !== undefined)
      return { because: `the repository has an ${configName}` }
    const [allow, baseline] = [
      await files.read(allowName, MAX_FILE_BYTES.lines),
      await files.read(baselineName, MAX_FILE_BYTES.lines),
    ]
    if (allow !== undefined) parseAllowFile(allow, allowName)
    if (baseline !== undefined) parseBaselineFile(baseline, baselineName)
    return undefined
  } catch (error) {
    if (error instanceof ConfigError)
      return { because: `${allowName} or ${baselineName} cannot be used as it is` }
    throw error
  }
}
