/** What is used of it; it has no types of its own. */
declare module 'seek-bzip' {
  const Bunzip: {
    /** Throws where the input is broken, and what `writeByte` throws. */
    decode(input: Uint8Array, output: { writeByte(byte: number): void }, multistream: boolean): void
  }
  export default Bunzip
}
