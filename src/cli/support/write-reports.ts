/** Writes the reports of a scan or a merge to stdout and to files. */
import type { ScanResult } from '../../model/outcome.ts'
import { maskRandom } from '../../model/scrubber.ts'
import { readVersion } from '../../model/version.ts'
import type { ReportOptions } from '../../report/options.ts'
import { type FormatName, reportFormats } from '../../report/report-formats.ts'
import { wantsColour } from '../arguments/environment.ts'
import type { Settings } from '../arguments/settings.ts'
import type { Io } from '../process/io.ts'
import { messageLine } from './failure.ts'
import { writeOutputFile } from './output-file.ts'

/**
 * Writes a report to each destination; `subject` is the name of what was scanned. Stdout comes
 * first, so that its report appears even if a file cannot be written.
 */
export async function writeReports(
  result: ScanResult,
  settings: Settings,
  subject: string,
  io: Io,
): Promise<void> {
  const context = {
    version: readVersion(),
    endedAt: new Date(),
    ...(subject !== '' && { subject: maskRandom(subject) }),
  }
  const render = async (format: FormatName, isTTY: boolean): Promise<string> => {
    const reporter = await reportFormats[format].load()
    const options = { ...context, ...reportOptionsOf(settings, io, isTTY) }
    const report = async (): Promise<string> => reporter(result, options)
    return io.whileReporting === undefined ? report() : io.whileReporting(report)
  }

  const stdoutReport = settings.destinations.find(({ file }) => file === undefined)
  if (stdoutReport !== undefined)
    io.stdout.write(await render(stdoutReport.format, io.stdout.isTTY))
  const fileReports = settings.destinations.flatMap(({ format, file }) =>
    file === undefined ? [] : [{ format, file }],
  )
  for (const { format, file } of fileReports)
    writeOutputFile(file, await render(format, false), settings.showSecrets)
  if (stdoutReport === undefined && !settings.quiet) {
    const count = result.findings.length
    const files = fileReports.map(({ file }) => file).join(', ')
    io.stderr.write(messageLine(`${count} ${count === 1 ? 'finding' : 'findings'}; see ${files}`))
  }
}

function reportOptionsOf(
  settings: Settings,
  io: Io,
  isTTY: boolean,
): Omit<ReportOptions, 'version'> {
  const { showSecrets, showSuppressed, allOrigins, quiet, verbose, failOn } = settings
  return {
    showSecrets,
    showSuppressed,
    allOrigins,
    quiet,
    verbose,
    failOn,
    colour: wantsColour(settings.colour, io.env, isTTY),
    columns: isTTY ? io.stdout.columns : 80,
  }
}
