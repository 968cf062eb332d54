/** Entry point of a worker thread that reads packs and filters objects: `dist/cli/thread.cjs`. */
import { loadBundle } from './bundles.ts'

loadBundle('scan/filter-worker')
