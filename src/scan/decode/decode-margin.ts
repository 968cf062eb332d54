import { LOOKAROUND_BYTES } from '../detect/search.ts'

/**
 * Lengths of a run of base64 that is decoded without a keyword in it: from the length of an id to
 * somewhat more than a secret that was encoded twice.
 */
export const MIN_RUN = 24
export const MAX_RUN = 256

/**
 * Bytes that decoding needs beyond the radius of a keyword: all of a run of base64 that begins
 * there, and what lookaround sees.
 */
export const DECODE_MARGIN = MAX_RUN + LOOKAROUND_BYTES
