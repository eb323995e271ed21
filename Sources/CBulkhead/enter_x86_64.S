// Into the sandbox's stack and back. System V calling convention.
#if defined(__x86_64__)

        .text

// uint32_t bulkhead_enter(thunk rdi, self rsi, code rdx, values rcx, activation r8, sandbox_sp r9)
        .globl  bulkhead_enter
        .type   bulkhead_enter, @function
        .p2align 4
bulkhead_enter:
        .cfi_startproc
        pushq   %rbp
        .cfi_def_cfa_offset 16
        .cfi_offset %rbp, -16
        movq    %rsp, %rbp
        // The frame hangs on rbp, which sandboxed code preserves: unwinders walk from one stack to the other.
        .cfi_def_cfa_register %rbp
        pushq   %rbx
        pushq   %r12
        pushq   %r13
        pushq   %r14
        pushq   %r15
        .cfi_offset %rbx, -24
        .cfi_offset %r12, -32
        .cfi_offset %r13, -40
        .cfi_offset %r14, -48
        .cfi_offset %r15, -56
        subq    $8, %rsp
        movq    %rsp, (%r8)             // activation->host_sp
        movq    %r9, %rsp
        movq    %rdi, %rax
        movq    %rsi, %rdi
        movq    %rdx, %rsi
        movq    %rcx, %rdx
        callq   *%rax
        xorl    %eax, %eax
.Lreturn_to_host:
        leaq    -40(%rbp), %rsp
        popq    %r15
        popq    %r14
        popq    %r13
        popq    %r12
        popq    %rbx
        popq    %rbp
        .cfi_def_cfa %rsp, 8
        retq
        .cfi_endproc
        .size   bulkhead_enter, .-bulkhead_enter

// void bulkhead_unwind(host_sp rdi, kind rsi): returns from bulkhead_enter, wherever the sandbox stands.
        .globl  bulkhead_unwind
        .type   bulkhead_unwind, @function
        .p2align 4
bulkhead_unwind:
        movl    %esi, %eax
        leaq    48(%rdi), %rbp          // Where bulkhead_enter's frame pointer pointed.
        cld
        jmp     .Lreturn_to_host
        .size   bulkhead_unwind, .-bulkhead_unwind

// uint64_t bulkhead_leave(work rdi, a rsi, b rdx, c rcx, activation r8)
        .globl  bulkhead_leave
        .type   bulkhead_leave, @function
        .p2align 4
bulkhead_leave:
        .cfi_startproc
        pushq   %rbp
        .cfi_def_cfa_offset 16
        .cfi_offset %rbp, -16
        movq    %rsp, %rbp
        .cfi_def_cfa_register %rbp
        movq    %rsp, 8(%r8)            // activation->sandbox_sp
        movq    (%r8), %rsp             // activation->host_sp
        movq    %rdi, %rax
        movq    %rsi, %rdi
        movq    %rdx, %rsi
        movq    %rcx, %rdx
        callq   *%rax
        movq    %rbp, %rsp
        popq    %rbp
        .cfi_def_cfa %rsp, 8
        retq
        .cfi_endproc
        .size   bulkhead_leave, .-bulkhead_leave

#endif
        .section .note.GNU-stack, "", @progbits
