import { parseAllowFile } from '../../config/allow-file.ts'
import { parseBaselineFile } from '../../config/baseline-file.ts'
import { diskFiles } from '../../config/disk.ts'
import { allowName, baselineName, configName, MAX_FILE_BYTES } from '../../config/files.ts'
import { ConfigError } from '../../model/errors.ts'

/**
 * Does a folder have entries (`oakum.allow`, `oakum.baseline`) and no `oakum.yaml`? Entries only
 * take away: where nothing is found they change nothing. False too for entries that are wrong, of
 * which the whole program tells.
 */
export async function entriesOnly(folder: string): Promise<boolean> {
  const files = diskFiles(folder, '')
  try {
    if ((await files.read(configName, MAX_FILE_BYTES.config)) !== undefined) return false
    const [allow, baseline] = [
      await files.read(allowName, MAX_FILE_BYTES.lines),
      await files.read(baselineName, MAX_FILE_BYTES.lines),
    ]
    if (allow !== undefined) parseAllowFile(allow, allowName)
    if (baseline !== undefined) parseBaselineFile(baseline, baselineName)
    return true
  } catch (error) {
    if (error instanceof ConfigError) return false
    throw error
  }
}
