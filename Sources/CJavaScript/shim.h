// JavaScriptCore by its C interface, the same on Apple platforms.
#ifndef BATON_CJAVASCRIPT_SHIM_H
#define BATON_CJAVASCRIPT_SHIM_H

#include <JavaScriptCore/JavaScript.h>

#endif
