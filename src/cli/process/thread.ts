/** What starts as a thread that sifts. */
import { loadBundle } from './bundles.ts'

loadBundle('scan/filter-worker')
