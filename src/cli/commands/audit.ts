/**
 * `oakum audit`: the screen, or with `--plain`, `--verdict`, a format or no terminal the same facts
 * as text.
 */
import type { AuditRequest } from '../../audit/audit.ts'
import { checkOutputFile, writeOutputFile } from '../support/output-file.ts'
import { type Severity, severities } from '../../model/rule.ts'
import type { ShownAudit } from '../../model/shown.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { isCi, wantsColour } from '../arguments/environment.ts'
import { answerCodes, exitCodes } from '../support/exit-code.ts'
import { line } from '../support/failure.ts'
import type { Io } from '../process/io.ts'
import { colours, verdictFormats } from '../arguments/options.ts'
import { policyOf, policyRequestOf } from '../arguments/policy.ts'
import { startProgress } from '../support/progress.ts'
import { choiceOf, destinationsOf, lastOf, scanOptionsOf } from '../arguments/settings.ts'
import { hookRefusal, verifyOptionsOf } from '../support/verify.ts'
import { readVersion } from '../../model/version.ts'

/**
 * Audits what the invocation names. Exit 0 when it is safe to publish, 1 when not yet, 3 when not
 * everything was read.
 */
export async function runAudit(invocation: Invocation, io: Io): Promise<number> {
  const { switches, values } = invocation
  const destinations = destinationsOf(invocation, io.cwd, verdictFormats)
  for (const { file } of destinations) if (file !== undefined) checkOutputFile(file)
  const loaded = await policyOf(invocation, io)
  if (loaded.untrustedFolder !== undefined)
    io.stderr.write(
      line(
        `the configuration in ${loaded.untrustedFolder} is not read: a repository that is given does not configure its own audit, unless with --trust-config`,
      ),
    )
  const failOn = choiceOf(invocation, 'fail-on', severities) ?? loaded.failOn ?? 'medium'
  const refused =
    loaded.verify === 'off'
      ? 'the configuration forbids to ask anybody about credentials (verify: off)'
      : hookRefusal(io)
  const verify = await verifyOptionsOf(invocation)
  const request: AuditRequest = {
    ...requestOf(invocation, io, loaded),
    verify: refused === undefined ? verify : { refused },
  }
  const asText =
    switches.has('plain') || switches.has('verdict') || values.has('format') || values.has('output')
  if (!asText && io.terminal !== undefined && !isCi(io.env)) {
    const { runScreen } = await import('../support/audit-screen.ts')
    return runScreen(
      {
        request,
        failOn,
        folder: loaded.folder,
        author: lastOf(invocation, 'author'),
        terminal: io.terminal,
        colour: wantsColour(choiceOf(invocation, 'color', colours) ?? 'auto', io.env, true),
      },
      io,
    )
  }
  if (!asText) io.stderr.write(line('no terminal, so no screen: this is what audit --plain says'))
  const { text, shown } = await audited(
    request,
    { failOn, plain: !switches.has('verdict') && !values.has('format') },
    io,
  )
  for (const { format, file } of destinations) {
    if (file === undefined)
      io.stdout.write(
        await text(
          format,
          wantsColour(choiceOf(invocation, 'color', colours) ?? 'auto', io.env, io.stdout.isTTY),
          io.stdout.isTTY ? io.stdout.columns : 80,
        ),
      )
    else writeOutputFile(file, await text(format, false, 80), false)
  }
  if (io.signal.aborted)
    io.stderr.write(line('interrupted: what is said is of what was read until then'))
  const { verdictOf } = await import('../../audit/verdict/verdict.ts')
  return io.signal.aborted
    ? exitCodes.interrupted
    : answerCodes[verdictOf(shown.findings, shown.coverage, failOn).answer]
}

function requestOf(
  invocation: Invocation,
  io: Io,
  { maxBlobBytes, deadlineMs, archiveDepth }: Awaited<ReturnType<typeof policyOf>>,
): Omit<AuditRequest, 'verify'> {
  const [path] = invocation.words
  const policy = policyRequestOf(invocation, io)
  return {
    cwd: io.cwd,
    env: io.env,
    ...(path !== undefined && { path }),
    ...(policy && { policy }),
    strict: invocation.switches.has('strict'),
    allowShallow: invocation.switches.has('allow-shallow'),
    scan: {
      ...(maxBlobBytes !== undefined && { maxBlobBytes }),
      ...(deadlineMs !== undefined && { deadlineMs }),
      ...(archiveDepth !== undefined && { archiveDepth }),
      ...scanOptionsOf(invocation),
    },
  }
}

interface Wish {
  readonly failOn: Severity
  /** Each finding with all that is known of it, behind the verdict. */
  readonly plain: boolean
}

type Write = (
  format: (typeof verdictFormats)[number],
  colour: boolean,
  columns: number,
) => Promise<string>

async function audited(
  request: AuditRequest,
  { failOn, plain }: Wish,
  io: Io,
): Promise<{ readonly shown: ShownAudit; readonly text: Write }> {
  const { auditRepository } = await import('../../audit/audit.ts')
  const { showAudit } = await import('../../audit/shown-audit.ts')
  const progress = io.stderr.isTTY && !isCi(io.env) ? startProgress(io) : undefined
  const audit = await auditRepository(request, io.signal, {
    ...(progress && { onEvent: progress.onEvent }),
  }).finally(() => progress?.clear())
  const shown = showAudit(audit)
  const { documentOf } = await import('../../audit/verdict/document.ts')
  const document = documentOf(shown, failOn)
  const text: Write = async (format, colour, columns) => {
    switch (format) {
      case 'json':
        return (await import('../../audit/verdict/json.ts')).verdictJson(
          document,
          shown.coverage,
          readVersion(),
        )
      case 'markdown':
        return (await import('../../audit/verdict/markdown.ts')).verdictMarkdown(document)
      case 'html':
        return (await import('../../audit/verdict/html.ts')).verdictHtml(document)
      case 'text': {
        const { painter } = await import('../../report/terminal/colour.ts')
        const { verdictLines } = await import('../../audit/verdict/text.ts')
        const page = { paint: painter(colour), columns }
        const { plainLines } = await import('../../audit/plain.ts')
        const lines = [
          ...verdictLines(document, { ...page, maxItems: plain ? 5 : 20 }),
          ...(plain ? await plainLines(audit, shown, page) : []),
        ]
        return lines.map((one) => `${one.trimEnd()}\n`).join('')
      }
    }
  }
  return { shown, text }
}
