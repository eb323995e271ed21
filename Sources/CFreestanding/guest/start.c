// What the runtime calls first: constructors of C++ and of __attribute__((constructor)).

extern void __wasm_call_ctors(void);

__attribute__((export_name("_initialize"))) void _initialize(void) { __wasm_call_ctors(); }
