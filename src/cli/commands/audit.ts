/**
 * `oakum audit`: opens the screen, or prints the same facts as text with `--plain`, `--verdict`,
 * `--format`, `--output` or without a terminal.
 */
import type { AuditRequest } from '../../audit/audit.ts'
import type { LoadedPolicy } from '../../config/load.ts'
import { checkOutputFile, writeOutputFile } from '../support/output-file.ts'
import { pickLimits } from '../../model/limits.ts'
import { type Severity, severities } from '../../model/rule.ts'
import type { ShownAudit } from '../../model/shown.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { isCi, wantsColour } from '../arguments/environment.ts'
import { exitCodes, verdictExitCodes } from '../support/exit-code.ts'
import { messageLine } from '../support/failure.ts'
import type { Io } from '../process/io.ts'
import { colours, verdictFormats } from '../arguments/choices.ts'
import { loadPolicyFor, policyRequestOf } from '../arguments/policy.ts'
import { startProgress } from '../support/progress.ts'
import { choiceOf, destinationsOf, lastValueOf, readScanOptions } from '../arguments/settings.ts'
import { hookRefusal, readVerifyOptions } from '../support/verify.ts'
import { readVersion } from '../../model/version.ts'

type Destinations = ReturnType<typeof destinationsOf<VerdictFormat>>
type VerdictFormat = (typeof verdictFormats)[number]

/**
 * Audits a repository. Exits 0 when it is safe to publish, 1 when it is not yet, 3 when something
 * was not read.
 */
export async function runAudit(invocation: Invocation, io: Io): Promise<number> {
  const destinations = destinationsOf(invocation, io.cwd, verdictFormats)
  for (const { file } of destinations) if (file !== undefined) checkOutputFile(file)
  const loaded = await loadPolicyFor(invocation, io)
  if (loaded.untrustedFolder !== undefined) {
    const reason = 'a repository given as an argument does not configure its own audit'
    io.stderr.write(
      messageLine(
        `the configuration in ${loaded.untrustedFolder} is not read: ${reason}; --trust-config reads it`,
      ),
    )
  }
  const failOn = choiceOf(invocation, 'fail-on', severities) ?? loaded.failOn ?? 'medium'
  const request = await auditRequestOf(invocation, io, loaded)
  const { switches, values } = invocation
  const isText =
    switches.has('plain') || switches.has('verdict') || values.has('format') || values.has('output')
  if (!isText && io.terminal !== undefined && !isCi(io.env)) {
    const { runScreen } = await import('../support/audit-screen.ts')
    return runScreen(
      {
        request,
        failOn,
        folder: loaded.folder,
        author: lastValueOf(invocation, 'author'),
        terminal: io.terminal,
        colour: wantsColour(choiceOf(invocation, 'color', colours) ?? 'auto', io.env, true),
      },
      io,
    )
  }
  if (!isText)
    io.stderr.write(messageLine('no terminal for the screen: printing what audit --plain prints'))
  const isVerdictOnly = switches.has('verdict') || values.has('format')
  return printAudit(invocation, io, { request, failOn, destinations, isVerdictOnly })
}

async function auditRequestOf(
  invocation: Invocation,
  io: Io,
  loaded: LoadedPolicy,
): Promise<AuditRequest> {
  const [path] = invocation.positionals
  const policy = policyRequestOf(invocation, io)
  const refused =
    loaded.verify === 'off'
      ? 'the configuration forbids verification (verify: off)'
      : hookRefusal(io)
  const verify = await readVerifyOptions(invocation)
  return {
    cwd: io.cwd,
    env: io.env,
    ...(path !== undefined && { path }),
    ...(policy && { policy }),
    strict: invocation.switches.has('strict'),
    allowShallow: invocation.switches.has('allow-shallow'),
    scan: { ...pickLimits(loaded), ...readScanOptions(invocation) },
    verify: refused === undefined ? verify : { refused },
  }
}

interface PrintRequest {
  readonly request: AuditRequest
  readonly failOn: Severity
  readonly destinations: Destinations
  /** False to list each finding with all its facts after the verdict. */
  readonly isVerdictOnly: boolean
}

/** Audits without the screen, writes the verdict to all destinations and returns the exit code. */
async function printAudit(
  invocation: Invocation,
  io: Io,
  { request, failOn, destinations, isVerdictOnly }: PrintRequest,
): Promise<number> {
  const { render, shown } = await runAndRender(request, { failOn, isVerdictOnly }, io)
  const { stdout, signal } = io
  const colour = choiceOf(invocation, 'color', colours) ?? 'auto'
  for (const { format, file } of destinations) {
    if (file !== undefined) writeOutputFile(file, await render(format, false, 80), false)
    else {
      const columns = stdout.isTTY ? stdout.columns : 80
      stdout.write(await render(format, wantsColour(colour, io.env, stdout.isTTY), columns))
    }
  }
  if (signal.aborted)
    io.stderr.write(messageLine('interrupted: the output covers only what was read until then'))
  const { verdictOf } = await import('../../audit/verdict/verdict.ts')
  return signal.aborted
    ? exitCodes.interrupted
    : verdictExitCodes[verdictOf(shown.findings, shown.coverage, failOn).answer]
}

type RenderVerdict = (format: VerdictFormat, colour: boolean, columns: number) => Promise<string>

async function runAndRender(
  request: AuditRequest,
  { failOn, isVerdictOnly }: Pick<PrintRequest, 'failOn' | 'isVerdictOnly'>,
  io: Io,
): Promise<{ readonly shown: ShownAudit; readonly render: RenderVerdict }> {
  const { auditRepository } = await import('../../audit/audit.ts')
  const { showAudit } = await import('../../audit/shown-audit.ts')
  const progress = io.stderr.isTTY && !isCi(io.env) ? startProgress(io) : undefined
  const audit = await auditRepository(request, io.signal, {
    ...(progress && { onEvent: progress.onEvent }),
  }).finally(() => progress?.clear())
  const shown = showAudit(audit)
  const { documentOf } = await import('../../audit/verdict/document.ts')
  const document = documentOf(shown, failOn)
  const render: RenderVerdict = async (format, colour, columns) => {
    switch (format) {
      case 'json': {
        const { verdictJson } = await import('../../audit/verdict/json.ts')
        return verdictJson(document, shown.coverage, readVersion())
      }
      case 'markdown':
        return (await import('../../audit/verdict/markdown.ts')).verdictMarkdown(document)
      case 'html':
        return (await import('../../audit/verdict/html.ts')).verdictHtml(document)
      case 'text': {
        const { painter } = await import('../../report/terminal/colour.ts')
        const { verdictLines } = await import('../../audit/verdict/text.ts')
        const { plainLines } = await import('../../audit/plain.ts')
        const page = { paint: painter(colour), columns }
        const lines = [
          ...verdictLines(document, { ...page, maxItems: isVerdictOnly ? 20 : 5 }),
          ...(isVerdictOnly ? [] : await plainLines(audit, shown, page)),
        ]
        return lines.map((text) => `${text.trimEnd()}\n`).join('')
      }
    }
  }
  return { shown, render }
}
