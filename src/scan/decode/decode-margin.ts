import { LOOKAROUND_BYTES } from '../detect/search.ts'

/**
 * Base64 without a keyword in it is read where it is as long as an id at least, and no longer than
 * a secret that was encoded twice, and some.
 */
export const MIN_RUN = 24
export const MAX_RUN = 256

/**
 * What a view needs to see beyond its reach: the whole of a run of base64 that begins there, and
 * what lookaround sees.
 */
export const DECODE_MARGIN = MAX_RUN + LOOKAROUND_BYTES
