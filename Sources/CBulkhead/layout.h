// Where the assembly finds what it needs of the runtime's structures. call.c checks that the compiler agrees.

#ifndef BULKHEAD_LAYOUT_H
#define BULKHEAD_LAYOUT_H

#define FUNCTION_CODE 8
#define FUNCTION_THUNK 16
#define FUNCTION_HOST 16
#define FUNCTION_SELF 24
#define FUNCTION_SEGMENT 32
#define FUNCTION_INSTANCE 40
#define FUNCTION_PKRU 52

#define INSTANCE_SEGMENT 32
#define INSTANCE_STACK_LIMIT 48

#define THREAD_CURRENT 0
#define THREAD_STACK_LOW 16
#define THREAD_STACK_TOP 24
#define THREAD_HOST_LIMIT 32
#define THREAD_IS_OVERDUE 72

#define ACTIVATION_SANDBOX_SP 0
#define ACTIVATION_PREVIOUS 8
#define ACTIVATION_VALUES 32
#define ACTIVATION_SIZE 40
/// From an activation to what `bulkhead_call` keeps in rbp: rbx and r12 to r15 lie between.
#define ACTIVATION_FRAME (ACTIVATION_SIZE + 40)

#endif
