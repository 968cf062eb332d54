/** Entry point of the worker thread of an audit: `dist/cli/audit-thread.cjs`. */
import { loadBundle } from './bundles.ts'

loadBundle('audit/worker')
