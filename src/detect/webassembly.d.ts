/** What is used of the global that neither ES2023 nor Node's types declare. */
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer
  }
  type Module = object
  const Memory: new (size: { readonly initial: number }) => Memory
  const Module: new (bytes: Uint8Array) => Module
  const Instance: new (module: Module) => { readonly exports: Readonly<Record<string, unknown>> }
  function validate(bytes: Uint8Array): boolean
}
