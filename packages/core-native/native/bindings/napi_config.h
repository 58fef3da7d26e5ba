#pragma once

// The one place that includes napi.h.

#ifndef NAPI_VERSION
#  define NAPI_VERSION 8
#endif
#ifndef NODE_ADDON_API_CPP_EXCEPTIONS
#  define NODE_ADDON_API_CPP_EXCEPTIONS
#endif
// A worker_thread may be terminated while a call runs: its result then has nowhere to go, which is no error.
#ifndef NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS
#  define NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS
#endif

#include <napi.h>
