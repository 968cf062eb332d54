import { Box, Text } from 'ink'
import type { ReactElement } from 'react'
import type { Paint } from '../report/colour.ts'
import { dialogHeight, heightOf, listHeight, previewHeight } from './arrange.ts'
import { footerLines, headerLines } from './chrome.ts'
import { detailLines } from './detail.ts'
import { DialogBox } from './dialog.tsx'
import { headLine, listLines } from './list.ts'
import { pageLines } from './pages.ts'
import type { State } from './state.ts'

interface Props {
  readonly state: State
  readonly paint: Paint
}

/** The whole screen: a function of the state. */
export function App({ state, paint }: Props): ReactElement {
  return (
    <Box flexDirection="column" width={state.columns} height={heightOf(state)} overflow="hidden">
      <Lines lines={headerLines(state, paint)} />
      <Box flexDirection="column" flexGrow={1} overflow="hidden">
        <Lines lines={bodyLines(state, paint)} />
      </Box>
      {dialogHeight(state) > 0 && <DialogBox state={state} paint={paint} />}
      <Lines lines={footerLines(state, paint)} />
    </Box>
  )
}

/** Lines as they are; one that is too long is cut, so that none takes two. */
function Lines({ lines }: { readonly lines: readonly string[] }): ReactElement {
  return (
    <>
      {lines.map((line, at) => (
        // A line has no name but its place.
        <Text key={at} wrap="truncate">{line === '' ? ' ' : line}</Text>
      ))}
    </>
  )
}

function bodyLines(state: State, paint: Paint): readonly string[] {
  const height = heightOf(state) - 4 - dialogHeight(state)
  switch (state.page) {
    case 'list':
      return listBody(state, paint)
    case 'detail':
      return detailLines(state, paint).slice(state.scroll, state.scroll + height).map(({ text }) => ` ${text}`)
    case 'verdict':
    case 'help':
      return pageLines(state, paint).slice(state.scroll, state.scroll + height).map((text) => ` ${text}`)
  }
}

/** The list, and on a high screen what is under the cursor. */
function listBody(state: State, paint: Paint): readonly string[] {
  const height = listHeight(state)
  const rows = listLines(state, paint)
  const preview = previewHeight(state)
  const filled = preview === 0 ? rows : [...rows, ...Array.from({ length: height - rows.length }, () => '')]
  if (preview === 0) return [headLine(state, paint), ...filled]
  const dossier = detailLines(state, paint).slice(0, preview - 1).map(({ text }) => ` ${text}`)
  return [headLine(state, paint), ...filled, paint('dim', ` ${'─'.repeat(Math.max(0, state.columns - 2))}`), ...dossier]
}
