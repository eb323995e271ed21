// Runs a kernel that wamrc compiled: for each line with a count, answers with the checksum and the nanoseconds of this thread.

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <wasm_export.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void fail(const char *what) {
    fprintf(stderr, "wamr: %s\n", what);
    exit(1);
}

int main(int count, char **arguments) {
    if (count != 2) fail("usage: wamr FILE.aot");
    FILE *file = fopen(arguments[1], "rb");
    if (!file || fseek(file, 0, SEEK_END)) fail("the file can't be read");
    long size = ftell(file);
    rewind(file);
    uint8_t *bytes = malloc((size_t)size);
    if (!bytes || fread(bytes, 1, (size_t)size, file) != (size_t)size) fail("the file can't be read");

    char message[200];
    if (!wasm_runtime_init()) fail("no runtime");
    wasm_module_t module = wasm_runtime_load(bytes, (uint32_t)size, message, sizeof message);
    if (!module) fail(message);
    wasm_module_inst_t instance = wasm_runtime_instantiate(module, 1 << 20, 0, message, sizeof message);
    if (!instance) fail(message);
    wasm_exec_env_t environment = wasm_runtime_create_exec_env(instance, 1 << 20);
    wasm_function_inst_t run = wasm_runtime_lookup_function(instance, "run");
    if (!environment || !run) fail("no function run");

    char line[40];
    while (fgets(line, sizeof line, stdin)) {
        uint32_t values[1] = {(uint32_t)strtoul(line, 0, 10)};
        double start = now();
        if (!wasm_runtime_call_wasm(environment, run, 1, values)) fail(wasm_runtime_get_exception(instance));
        printf("%u %.0f\n", values[0], now() - start);
        fflush(stdout);
    }
    return 0;
}
