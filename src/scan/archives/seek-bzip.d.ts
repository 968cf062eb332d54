/** Types of the part of seek-bzip that is used; the package comes with none. */
declare module 'seek-bzip' {
  const Bunzip: {
    /** Throws when the input is broken, and passes on errors of `writeByte`. */
    decode(input: Uint8Array, output: { writeByte(byte: number): void }, multistream: boolean): void
  }
  export default Bunzip
}
