/** Root component of the screen. */
import { Box, Text } from 'ink'
import type { ReactElement } from 'react'
import type { Paint } from '../../report/terminal/colour.ts'
import { dialogHeight, heightOf, listHeight, previewHeight } from './arrange.ts'
import { footerLines, headerLines } from './header-footer.ts'
import { detailLines } from './detail.ts'
import { DialogBox } from './dialog.tsx'
import { headLine, listLines } from './list.ts'
import { pageLines } from './pages.ts'
import type { LinePlaceholders } from './line-placeholders.ts'
import type { ScreenState } from './state.ts'

interface AppProps {
  readonly state: ScreenState
  readonly paint: Paint
  /** Stores the lines and returns the placeholders that Ink lays out. */
  readonly placeholders: LinePlaceholders
}

/** Renders the whole screen from its state. */
export function App({ state, paint, placeholders }: AppProps): ReactElement {
  placeholders.clear()
  return (
    <Box flexDirection="column" width={state.columns} height={heightOf(state)}>
      <Lines lines={placeholders.put(headerLines(state, paint))} />
      <Box flexDirection="column" flexGrow={1}>
        <Lines lines={placeholders.put(bodyLines(state, paint))} />
      </Box>
      {dialogHeight(state) > 0 && <DialogBox state={state} paint={paint} />}
      <Lines lines={placeholders.put(footerLines(state, paint))} />
    </Box>
  )
}

function Lines({ lines }: { readonly lines: readonly string[] }): ReactElement {
  return (
    <>
      {lines.map((line, at) => (
        // A line has no identity but its position.
        <Text key={at}>{line}</Text>
      ))}
    </>
  )
}

function bodyLines(state: ScreenState, paint: Paint): readonly string[] {
  const height = heightOf(state) - 4 - dialogHeight(state)
  switch (state.page) {
    case 'list':
      return listBody(state, paint)
    case 'detail':
      return detailLines(state, paint)
        .slice(state.scroll, state.scroll + height)
        .map(({ text }) => ` ${text}`)
    case 'verdict':
    case 'help':
      return pageLines(state, paint)
        .slice(state.scroll, state.scroll + height)
        .map((text) => ` ${text}`)
  }
}

/** Returns the list, and on a high screen the details of the selected finding below it. */
function listBody(state: ScreenState, paint: Paint): readonly string[] {
  const height = listHeight(state)
  const rows = listLines(state, paint)
  const preview = previewHeight(state)
  const filled =
    preview === 0 ? rows : [...rows, ...Array.from({ length: height - rows.length }, () => '')]
  if (preview === 0) return [headLine(state, paint), ...filled]
  const details = detailLines(state, paint)
    .slice(0, preview - 1)
    .map(({ text }) => ` ${text}`)
  return [
    headLine(state, paint),
    ...filled,
    paint('dim', ` ${'─'.repeat(Math.max(0, state.columns - 2))}`),
    ...details,
  ]
}
