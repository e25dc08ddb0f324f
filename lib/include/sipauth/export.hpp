// What the shared library exports. All other symbols are hidden.
#pragma once

#if defined(_WIN32)
#define SIPAUTH_API
#else
#define SIPAUTH_API __attribute__((visibility("default")))
#endif
