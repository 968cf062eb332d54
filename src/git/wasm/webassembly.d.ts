/** Declares the parts of the WebAssembly API in use: ES2023 and the types of Node lack the global. */
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer
    grow(pages: number): number
  }
  const Memory: new (size: {
    readonly initial: number
    readonly maximum: number
    readonly shared: true
  }) => SharedMemory
  interface SharedMemory {
    readonly buffer: SharedArrayBuffer
  }
  interface Table {
    set(index: number, value: (...numbers: never[]) => number): void
  }
  type Module = object
  const Module: new (bytes: Uint8Array) => Module
  const Instance: new <Exports>(module: Module, imports: object) => { readonly exports: Exports }
}
