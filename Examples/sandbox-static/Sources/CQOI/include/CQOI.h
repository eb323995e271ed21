// What QOI.S defines, for SandboxImage(linked:).

#ifndef CQOI_H
#define CQOI_H

extern const char QOI_artifact[];

/// Swift has no name for the address of an array of unknown size.
static inline const void *_Nonnull qoi_artifact(void) { return QOI_artifact; }

#endif
