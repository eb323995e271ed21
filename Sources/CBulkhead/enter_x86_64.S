// Into the sandbox's stack and back. System V calling convention.
#if defined(__x86_64__)

#include "layout.h"

        .text

        .hidden bulkhead_call_slowly, bulkhead_prepare_machine, bulkhead_open_machine, bulkhead_end, bulkhead_refuse
        .hidden bulkhead_call_import_slowly, bulkhead_segment_set, bulkhead_stop_if_overdue, bulkhead_stop
        .hidden bulkhead_fsgsbase

// What has gone on the stack since rbp was set, for unwinders: they walk from one stack to the other by rbp, which sandboxed code preserves.
.macro save register, offset
        pushq   %\register
        .cfi_offset %\register, \offset
.endm

// As `bulkhead_segment_require`, of segment.h, where `base` isn't null; goes to `slowly` where only the kernel sets the register. Uses rax,
// and rcx, where the base is found at `slowly`.
.macro require_segment base, slowly
        movq    \base, %rcx
        testq   %rcx, %rcx
        jz      .Lhave_segment\@
        cmpb    $0, bulkhead_fsgsbase(%rip)
        je      \slowly
        rdgsbase %rax
        cmpq    %rax, %rcx
        je      .Lhave_segment\@
        wrgsbase %rcx
.Lhave_segment\@:
.endm

// bulkhead_trap_kind bulkhead_call(function rdi, values rsi, trap rdx)
//
// Everything out of the ordinary is C's: a host function, a thread's first call, a stack too short (`bulkhead_call_slowly`), protection
// keys and kernels without FSGSBASE (`bulkhead_prepare_machine`), a deadline that has passed, a trap.
        .globl  bulkhead_call
        .type   bulkhead_call, @function
        .p2align 5
bulkhead_call:
        .cfi_startproc
        pushq   %rbp
        .cfi_def_cfa_offset 16
        .cfi_offset %rbp, -16
        movq    %rsp, %rbp
        .cfi_def_cfa_register %rbp
        movq    bulkhead_this_thread@gottpoff(%rip), %rax
        addq    %fs:0, %rax
        movq    FUNCTION_CODE(%rdi), %r8
        cmpq    THREAD_HOST_LIMIT(%rax), %rsp
        jb      .Lcall_slowly
        testq   %r8, %r8
        jz      .Lcall_slowly
        // Sandboxed code preserves them; a trap doesn't.
        save    rbx, -24
        save    r12, -32
        save    r13, -40
        save    r14, -48
        save    r15, -56
        movq    %rax, %rbx
        movq    THREAD_CURRENT(%rbx), %rax
        movq    THREAD_STACK_TOP(%rbx), %r9
        testq   %rax, %rax
        jnz     .Lnested
.Lhave_stack:
        // A branch, not a conditional move: the stack pointer isn't to wait for the limit to be loaded.
        movq    FUNCTION_INSTANCE(%rdi), %rcx
        movq    INSTANCE_STACK_LIMIT(%rcx), %rcx
        addq    THREAD_STACK_LOW(%rbx), %rcx
        cmpq    %rcx, %r9
        ja      .Llimited
.Lhave_limit:
        // The activation, from its end to its start.
        pushq   $0
        pushq   %rdi
        pushq   %rdx
        pushq   %rax
        pushq   %r9
        movq    %rsp, THREAD_CURRENT(%rbx)
        // After `current` is set: a signal before this finds its mark here, and one after it keeps the timer going.
        cmpb    $0, THREAD_IS_OVERDUE(%rbx)
        jne     .Loverdue
        require_segment FUNCTION_SEGMENT(%rdi), .Lprepare_machine
        cmpl    $0, FUNCTION_PKRU(%rdi)
        jne     .Lprepare_machine
        movq    %r9, %rsp
        movq    FUNCTION_THUNK(%rdi), %rax
        movq    FUNCTION_SELF(%rdi), %rdi
        movq    %rsi, %rdx
        movq    %r8, %rsi
        callq   *%rax
.Lreturned:
        movq    ACTIVATION_PREVIOUS - ACTIVATION_FRAME(%rbp), %rax
        movq    %rax, THREAD_CURRENT(%rbx)
        xorl    %eax, %eax
        movq    -8(%rbp), %rbx
        leaveq
        .cfi_remember_state
        .cfi_def_cfa %rsp, 8
        retq
        .cfi_restore_state

.Lnested:
        movq    ACTIVATION_SANDBOX_SP(%rax), %r9
        jmp     .Lhave_stack
.Llimited:
        movq    %rcx, %r9
        jmp     .Lhave_limit

.Lprepare_machine:
        movq    %rdi, %r12
        movq    %rsi, %r13
        movq    %r9, %r14
        callq   bulkhead_prepare_machine
        movq    %r14, %rsp
        movq    FUNCTION_SELF(%r12), %rdi
        movq    FUNCTION_CODE(%r12), %rsi
        movq    %r13, %rdx
        callq   *FUNCTION_THUNK(%r12)
        leaq    -ACTIVATION_FRAME(%rbp), %rsp
        callq   bulkhead_open_machine
        movq    -16(%rbp), %r12
        movq    -24(%rbp), %r13
        movq    -32(%rbp), %r14
        jmp     .Lreturned

.Loverdue:
        movq    %rsp, %rdi
        callq   bulkhead_refuse
.Ltrapped:
        movq    -8(%rbp), %rbx
        movq    -16(%rbp), %r12
        movq    -24(%rbp), %r13
        movq    -32(%rbp), %r14
        movq    -40(%rbp), %r15
        leaveq
        .cfi_remember_state
        .cfi_def_cfa %rsp, 8
        retq
        .cfi_restore_state

.Lcall_slowly:
        .cfi_restore %rbx
        .cfi_restore %r12
        .cfi_restore %r13
        .cfi_restore %r14
        .cfi_restore %r15
        popq    %rbp
        .cfi_def_cfa %rsp, 8
        jmp     bulkhead_call_slowly
        .cfi_endproc
        .size   bulkhead_call, .-bulkhead_call

// void bulkhead_unwind(activation rdi, kind rsi): returns from bulkhead_call, wherever the sandbox stands.
        .globl  bulkhead_unwind
        .type   bulkhead_unwind, @function
        .p2align 4
bulkhead_unwind:
        leaq    ACTIVATION_FRAME(%rdi), %rbp
        movq    %rdi, %rsp
        cld
        callq   bulkhead_end
        jmp     .Ltrapped
        .size   bulkhead_unwind, .-bulkhead_unwind

// void bulkhead_call_import(function rdi, caller rsi, values rdx): a host function, from the sandbox's stack on the host's. Functions of
// other instances, and everything where there are protection keys, are C's (`bulkhead_call_import_slowly`).
        .globl  bulkhead_call_import
        .type   bulkhead_call_import, @function
        .p2align 5
bulkhead_call_import:
        .cfi_startproc
        pushq   %rbp
        .cfi_def_cfa_offset 16
        .cfi_offset %rbp, -16
        movq    %rsp, %rbp
        .cfi_def_cfa_register %rbp
        cmpq    $0, FUNCTION_CODE(%rdi)
        jne     .Limport_slowly
        movq    bulkhead_pkru_mask@GOTPCREL(%rip), %rax
        cmpl    $0, (%rax)
        jne     .Limport_slowly
        save    rbx, -24
        save    r12, -32
        movq    bulkhead_this_thread@gottpoff(%rip), %rbx
        addq    %fs:0, %rbx
        movq    %rsi, %r12
        movq    THREAD_CURRENT(%rbx), %rcx
        movq    %rsp, ACTIVATION_SANDBOX_SP(%rcx)
        movq    FUNCTION_HOST(%rdi), %rax
        movq    FUNCTION_SELF(%rdi), %rdi
        testq   %rdx, %rdx
        jz      .Lno_values
.Lhave_values:
        movq    %rcx, %rsp
        callq   *%rax
        testl   %eax, %eax
        jnz     .Lhost_failed
        leaq    -16(%rbp), %rsp
        cmpb    $0, THREAD_IS_OVERDUE(%rbx)
        jne     .Limport_overdue
        // What the host called meanwhile may have left another instance's memory in the segment.
        require_segment INSTANCE_SEGMENT(%r12), .Limport_segment
.Limport_returned:
        popq    %r12
        popq    %rbx
        popq    %rbp
        .cfi_remember_state
        .cfi_restore %r12
        .cfi_restore %rbx
        .cfi_def_cfa %rsp, 8
        retq
        .cfi_restore_state

.Lno_values:
        leaq    ACTIVATION_VALUES(%rcx), %rdx
        jmp     .Lhave_values
.Limport_segment:
        movq    %rcx, %rdi
        callq   bulkhead_segment_set
        jmp     .Limport_returned
.Limport_overdue:
        callq   bulkhead_stop_if_overdue
        ud2
.Lhost_failed:
        movl    %eax, %edi
        callq   bulkhead_stop
        ud2

.Limport_slowly:
        popq    %rbp
        .cfi_restore %r12
        .cfi_restore %rbx
        .cfi_def_cfa %rsp, 8
        jmp     bulkhead_call_import_slowly
        .cfi_endproc
        .size   bulkhead_call_import, .-bulkhead_call_import

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
        movq    %rsp, ACTIVATION_SANDBOX_SP(%r8)
        movq    %r8, %rsp
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
