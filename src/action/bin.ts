/** Entry point of the GitHub Action: `dist/action/bin.cjs`. */
import { loadBundle } from '../cli/process/bundles.ts'

loadBundle('action/process')
