/** What is used of the global that neither ES2023 nor Node's types declare. */
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer
    grow(pages: number): number
  }
  type Module = object
  const Module: new (bytes: Uint8Array) => Module
  const Instance: new <Exports>(module: Module, imports: object) => { readonly exports: Exports }
}
