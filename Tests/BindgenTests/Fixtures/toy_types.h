// The types of the toy library.

#ifndef TOY_TYPES_H
#define TOY_TYPES_H

typedef unsigned int toy_number;

/// A colour.
typedef enum toy_color {
    TOY_RED,
    /// Between red and blue.
    TOY_GREEN,
    TOY_BLUE = 10,
} toy_color;

enum toy_sign { TOY_MINUS = -1, TOY_ZERO, TOY_PLUS };

typedef enum { TOY_SMALL, TOY_LARGE = 200 } __attribute__((packed)) toy_tiny;

/** A place in the plane. */
typedef struct toy_point {
    /** From the left. */
    int x;
    int y;
} toy_point;

/// A structure of one member, which C passes by value in another way than others.
typedef struct {
    long long value;
} toy_wrapper;

/// Members that lie at other places in a sandbox than on the host.
typedef struct toy_mixed {
    char tag;
    long number;
    const char *name;
    unsigned long size;
    toy_point point;
    double weight;
    bool flag;
    toy_color color;
    struct {
        short a, b;
    } inner;
    struct toy_mixed *next;
} toy_mixed;

typedef struct toy_bits {
    unsigned low : 3;
    int high : 5;
    bool flag : 1;
    unsigned : 4;
    unsigned long long wide : 40;
    toy_color color : 8;
} toy_bits;

typedef struct __attribute__((packed)) toy_packed {
    unsigned char tag;
    int value;
    double number;
} toy_packed;

typedef struct toy_aligned {
    __attribute__((aligned(64))) double values[4];
} toy_aligned;

/// A value of one kind or another.
typedef struct toy_value {
    int kind;
    union {
        int integer;
        double number;
        struct {
            char letter;
            void *pointer;
        };
    };
    struct {
        short extra;
    };
} toy_value;

union toy_either {
    int integer;
    float number;
    unsigned char bytes[8];
    toy_point point;
};

typedef struct toy_node toy_node;
struct toy_node {
    int value;
    toy_node *next;
};

typedef struct toy_text {
    int count;
    char text[];
} toy_text;

typedef struct toy_arrays {
    int small[4];
    short grid[2][3];
    toy_point points[2];
    const char *names[2];
} toy_arrays;

typedef struct toy_large {
    int first;
    unsigned char bytes[5000];
    int last;
} toy_large;

struct toy_opaque;

/// Called for each value.
typedef void (*toy_visitor)(void *user, int position, const int *value);
typedef double toy_mixer(double a, float b, long c, long long d);
typedef const char *(*toy_chooser)(const char *a, const char *b);
typedef int (*toy_operation)(int a, int b);
typedef toy_point (*toy_folder)(toy_point point, toy_wrapper wrapper, float scale);
typedef struct toy_opaque toy_callback_by_value;

typedef struct toy_handlers {
    int (*change)(const struct toy_handlers *handlers, int value);
    toy_visitor visit;
    void *user;
} toy_handlers;

/// The name of one of the bindings' own types.
typedef struct Layout {
    int layout;
    int init;
    int address;
    int in;
} Layout;

/// Without a name but by way of a pointer.
typedef struct {
    int key;
} *toy_handle;

#endif
