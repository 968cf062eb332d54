import { Box, Text } from 'ink'
import type { ReactElement } from 'react'
import type { Paint } from '../report/colour.ts'
import { dialogHeight, heightOf, listHeight } from './arrange.ts'
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
export function Lines({ lines }: { readonly lines: readonly string[] }): ReactElement {
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
      return [headLine(state, paint), ...listLines(state, paint)].slice(0, listHeight(state) + 1)
    case 'detail':
      return detailLines(state, paint).slice(state.scroll, state.scroll + height).map(({ text }) => ` ${text}`)
    case 'verdict':
    case 'help':
      return pageLines(state, paint).slice(state.scroll, state.scroll + height).map((text) => ` ${text}`)
  }
}
